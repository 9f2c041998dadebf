"""What a delivery, an answer and an idle connection cost, beside other websocket servers."""

"""The helpers, by what they are about; ``velocious.view.helper_table`` lists those of templates."""

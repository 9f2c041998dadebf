"""How long after a navigation are the first rows on screen, beside bare Pyodide's first SELECT?"""

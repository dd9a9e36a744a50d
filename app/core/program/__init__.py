"""Programs that run: the code of a stage, or of the whole chain, behind the lines that make the arrays it reads."""

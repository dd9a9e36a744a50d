"""Words that stand at the rows of an input: their spelling, their vectors, and the n-grams of later rows."""

"""The pages of lessons: one lesson, for itself or in a frame, and lessons as JSON."""

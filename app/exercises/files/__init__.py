"""Exercises as files: Moodle XML, GIFT, a QTI 2.1 package, a sheet to print."""

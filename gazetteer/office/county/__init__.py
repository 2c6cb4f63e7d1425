"""The county file as a whole: forms, exports, conflicts of copies."""

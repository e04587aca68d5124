package durable

// ParseCursor is parseCursor, for a fuzz test.
var ParseCursor = parseCursor

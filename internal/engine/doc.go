// Package engine runs the sources of operators.
package engine

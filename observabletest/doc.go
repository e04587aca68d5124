// Package observabletest is for tests of Observables, those of this module and those that a program writes itself.
//
// [Check] tries an Observable against the contract that the documentation of package observable states.
package observabletest

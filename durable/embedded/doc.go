// Package embedded starts a NATS server with JetStream inside the process, for programs that need no separate broker
// and for tests.
//
// [Start] starts one server, [StartCluster] three or more. Clients connect in the process ([Server.Connect]) or over
// TCP ([Server.URL]). Both kinds of connection find the server again after [Server.Restart].
//
// The server installs no signal handlers. The package links the whole server, about 15 MB. A program that imports
// package durable alone does not link it.
//
// # When to use this, and when not
//
// Use it for tests, for a program that runs on one machine, and to begin with. Run nats-server as a process of its own if
// other programs use the log, or if it must be there while your program restarts.
package embedded

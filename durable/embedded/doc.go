// Package embedded starts a NATS server with JetStream inside the process, for programs that need no separate broker
// and for tests.
//
// [Start] starts one server, [StartCluster] three or more. Clients connect in the process ([Server.Connect]) or over
// TCP ([Server.URL]). Both kinds of connection find the server again after [Server.Restart].
//
// The server installs no signal handlers. The package links the whole server, about 15 MB. A program that imports
// package durable alone does not link it.
package embedded

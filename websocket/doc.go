// Package websocket provides the messages of a WebSocket as a stream.
//
// [From] is lazy and cold, as package observable demands: it connects when it is run, reads on the subscriber's
// goroutine, reconnects under a retry.Policy, and leaves no goroutine and no connection behind. It is a client of
// github.com/coder/websocket, with the same options, states, hooks and log lines as source.FromEventSource.
//
// # What is guaranteed
//
//   - The messages of one connection are emitted in order, each exactly once.
//   - After every connect the functions of [WithOnConnect] have authenticated and subscribed before a message is emitted.
//   - A message is never larger than [WithMaxMessageBytes], compressed or not, and one that cannot be decoded is an error.
//   - A run that is stopped or canceled sends a close frame and returns within about a second, wherever it was: in a name
//     lookup, in the handshake, in WithOnConnect, while it reads, or while it waits to reconnect.
//   - No error and no log line shows the user, the password, the query or the fragment of the URL, nor a command.
//
// # What is not
//
// A WebSocket has no place to resume from, so what the server sends while the run is not connected is lost. An [Event] has
// the number of its connection: when that changes, fetch a snapshot. A command that was sent may not have arrived: see
// [WithCommands]. If messages must survive a lost connection, use Server-Sent Events (source.FromEventSource) or a durable
// log instead.
//
// # When to use this, and when not
//
// Use it for a server that speaks WebSocket, such as an exchange or a chat. If you choose the protocol, and only the server
// sends, prefer Server-Sent Events (package source): they resume after the last event by themselves and pass proxies as
// plain HTTP.
package websocket

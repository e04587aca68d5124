// Package durable provides streams that outlive a process and a machine, on NATS JetStream.
//
// [From] replays a JetStream stream from a chosen position and then follows it live. [Work] shares the messages of a
// stream among any number of processes, which acknowledge them one by one. [Publish] stores the items of a stream in
// order and emits an acknowledgement of each. [Ensure] creates the stream itself. With [History], several instances
// behind a load balancer serve a stream as Server-Sent Events, and a client continues on any of them where it stopped.
//
// # Positions
//
// A position is the pair of the stream's incarnation and a sequence number. [Message.Cursor] returns it as text, fit
// for the ID of a Server-Sent Event. The incarnation changes when a stream is deleted and created again, so a reader
// that comes back with an old position fails with a [*GapError]. It never skips messages in silence.
//
// # Connections
//
// All functions use a connection of the caller and never close it. The connection should reconnect indefinitely:
// pass nats.MaxReconnects(-1), because the client's default is to close the connection after 60 attempts. A run waits
// while the connection is lost. It ends with nats.ErrConnectionClosed when the connection is closed for good.
//
// Package durable/embedded starts a server inside the process. A program that does not import it does not link the
// server.
//
// # When to use this, and when not
//
// Use it if items must survive a restart, if several processes share the work, or if several instances serve one stream.
// One process that can lose its state needs no log: use operators.Share, or the Replay of package sink. Use nats.go itself
// for request and reply, and for key-value or object stores.
package durable

// Package sink has where streams leave the process: an Observable served as a Server-Sent Events endpoint.
package sink

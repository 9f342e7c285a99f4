// Package gitstore keeps snapshots in a Git repository: it reads and verifies
// commits, trees and blobs, writes one pack per snapshot, moves references,
// signs, verifies, pushes and fetches.
//
// It owns everything that touches the repository's files and knows nothing of
// what the files mean: paths, bytes and trailers are given by the caller. It
// works on the object database alone; there is no index and no work tree.
//
// # Writing
//
// A snapshot is built by a [Writer] on top of its parent. Only what differs
// from the parent is written: blobs stream through two compressing workers
// into one pack, then the directories that changed, then the commit. A crash
// at any point leaves the reference where it was or where it was going, and
// nothing that a person must clean up:
//
//	pack tmp → fsync → idx tmp → fsync → .keep → rename pack → rename idx → fsync directory
//	→ intent → fsync → <ref>.lock → fsync → rename to <ref> → fsync directory
//	→ look whether the pack is still there → remove intent and .keep
//
// The .keep makes a native gc or repack that runs beside leave the pack alone
// until a reference reaches it.
//
// One run writes at a time, guarded by a file lock that the kernel drops when
// the process dies; see [Repo.Begin].
//
// # Reading
//
// Every object is inflated under a size limit taken before reading and hashed
// again with collision-detecting SHA-1. Trees are accepted only in the shape
// that the writer produces. The pack reader is our own for that reason: go-git
// returns tampered objects without an error and its storage is not safe for
// concurrent use. go-git speaks the wire protocol and indexes fetched packs.
//
// A missing or empty reference is damage ([ErrDamaged]), never a first run.
package gitstore

// Package trust decides what of a backup repository may be believed. A repository
// cannot vouch for itself, since whoever can push commits can push another list of
// signers, too; so everything begins with a [Pin], which is kept outside of it.
//
// It owns the pins and where they are kept, the chain of snapshots, whose signature
// counts at which position of it, and which file of which commit a verified snapshot or
// an approver vouches for. It knows commits, paths and bytes, nothing of what the files
// mean, and it prints and asks nothing.
//
// # From pin to file
//
//   - A [Pin] names a history by its first commit and says who could sign there. A
//     commit's name covers everything before it, so the newest head that was verified
//     is a safe place to go on from.
//   - [Open] walks from the head of the branch back to that place. Each commit must have
//     one parent, the next number, the same tenant, a time that neither runs backwards
//     nor lies ahead, and one signature by a signer that the commit before it lists. A
//     list inside the commit itself never counts.
//   - A head from which the newest head seen cannot be reached is a rollback or a fork.
//   - [Chain.Source] says of each file of any commit which verified snapshot has these
//     bytes at this path, or which commit that an approver signed.
//
// [Audit] asks the same questions as [Open], goes on after the first answer that is no,
// and reads every file besides.
package trust

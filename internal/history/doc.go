// Package history knows points in time: a snapshot of a backup repository, and the
// tenant now, as one type with files, objects, names and coverage.
//
// It owns how a person names a point ([Repository.At]), what a point holds and who is
// called what there ([Point], [Namer]), what of a file was read and by which snapshot
// ([Point.Extent]), which differences people decided not to hear of ([Ignore]), and walks
// over many points. It reads what packages gitstore and trust give it.
//
// It must not know flags, terminals or Microsoft Graph, and it writes nothing but what a
// capture puts into a [Sink] or a [Live].
package history

// Package evidence packs a comparison into an archive that stands without entragit: the
// report in every form, the files before and after, the entries of the audit log, the commits
// with their signatures, sums of everything, signed, and how to check all of it with
// sha256sum, ssh-keygen and git. It owns what is in the archive and how VERIFY.md says to
// check it. It renders no report and reads no tenant: both are given to it.
package evidence

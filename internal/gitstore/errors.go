package gitstore

import "errors"

// Sentinels, to be tested with [errors.Is]. Each is wrapped with the operation
// and the reference, path, object or remote that it is about.
var (
	// ErrNotRepository marks a directory that is no Git repository, or one in a
	// format that this package does not write (SHA-256 objects, reftable).
	ErrNotRepository = errors.New("not a supported git repository")
	// ErrExists marks a repository, reference or key file that is already there.
	ErrExists = errors.New("already exists")
	// ErrDamaged marks bytes that are not what they must be: an empty or missing
	// reference, an object that does not hash to its name, a torn index, a tree
	// that the writer would never produce.
	ErrDamaged = errors.New("repository is damaged")
	// ErrLocked marks a repository or reference that another process is writing.
	ErrLocked = errors.New("locked by another process")
	// ErrMoved marks a reference that is no longer where this run found it, here
	// or at the remote. Nothing is ever forced.
	ErrMoved = errors.New("reference moved")
	// ErrDiverged marks a reference that is at one commit here and at another at the
	// remote, neither of which continues the other.
	ErrDiverged = errors.New("two histories")
	// ErrRewound marks a reference of a remote that lost what it had when it was last seen.
	ErrRewound = errors.New("the remote was set back")
	// ErrNotFound marks a path or object that does not exist.
	ErrNotFound = errors.New("not found")
	// ErrUnknownRevision marks a revision expression that names no commit.
	ErrUnknownRevision = errors.New("unknown revision")
	// ErrBadPath marks a path that may not be stored; see [CheckPath].
	ErrBadPath = errors.New("path not allowed")
	// ErrTooLarge marks an object of more bytes than this package reads or writes.
	ErrTooLarge = errors.New("object is larger than allowed")
	// ErrUnchanged reports that a commit would have had its parent's tree and that
	// [CommitOptions.AllowEmpty] was not set. Nothing was written.
	ErrUnchanged = errors.New("nothing changed")

	// ErrUnsigned marks a commit without a signature.
	ErrUnsigned = errors.New("not signed")
	// ErrUnknownSigner marks a signature by a key that is not allowed to sign, or
	// not at that time.
	ErrUnknownSigner = errors.New("unknown signer")
	// ErrBadSignature marks a signature that does not match the commit, or that
	// cannot be parsed.
	ErrBadSignature = errors.New("bad signature")
	// ErrWrongNamespace marks an SSH signature made for another purpose than git.
	ErrWrongNamespace = errors.New("signature made for another purpose")
	// ErrManySignatures marks a commit with more than one signature.
	ErrManySignatures = errors.New("more than one signature")
	// ErrBadKey marks a signing key or list of signers that cannot be used.
	ErrBadKey = errors.New("unusable key")
	// ErrExposedKey marks a private key that others than its owner can read.
	ErrExposedKey = errors.New("the private key is open to others")

	// ErrUnauthorized marks a remote that refused the credentials.
	ErrUnauthorized = errors.New("remote refused the credentials")
	// ErrRejected marks a push that the remote's rules refused.
	ErrRejected = errors.New("remote rejected the push")
	// ErrRemote marks any other failure to talk to a remote.
	ErrRemote = errors.New("remote failed")
)

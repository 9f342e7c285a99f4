package signin

import "crypto/ecdsa"

// Key is the key of GitHub's stand-in, for assertions that it would not make.
func (a *Actions) Key() *ecdsa.PrivateKey { return a.key }

// AssertionType is what a client says that its assertion is.
const AssertionType = assertionType

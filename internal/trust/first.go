package trust

import (
	"fmt"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// First makes a pin from what a history says of itself: trust on first use. Who calls it
// tells a person what is trusted from now on, and who signed the first commit.
func First(repo *gitstore.Repo, head gitstore.Hash) (Pin, gitstore.Signatory, error) {
	var root *gitstore.Commit
	for commit, err := range repo.Log(head) {
		if err != nil {
			return Pin{}, gitstore.Signatory{}, err
		}
		root = commit
	}
	pin, id, err := pinOf(repo, root)
	if err != nil {
		return Pin{}, id, fmt.Errorf("the first commit: %w: %w", err, entra.ErrUnverified)
	}
	return pin, id, nil
}

func pinOf(repo *gitstore.Repo, root *gitstore.Commit) (Pin, gitstore.Signatory, error) {
	tree, err := repo.Tree(root.Hash)
	if err != nil {
		return Pin{}, gitstore.Signatory{}, err
	}
	list, keyring, err := signersFiles(tree)
	if err != nil {
		return Pin{}, gitstore.Signatory{}, err
	}
	signers, err := parseSigners(list, keyring)
	if err != nil {
		return Pin{}, gitstore.Signatory{}, err
	}
	id, err := signers.snapshots.Verify(root)
	if err != nil {
		return Pin{}, id, err
	}
	at, err := positionOf(root)
	if err != nil {
		return Pin{}, id, err
	}
	return Pin{Tenant: at.tenant, Root: root.Hash, Signers: string(list), Keyring: string(keyring), Head: at.mark(root)}, id, nil
}

package gitstore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/hiddeco/sshsig"
)

// programTimeout ends a signing program that waits for someone who is not there;
// long enough to find and touch a security key.
const programTimeout = 5 * time.Minute

// ProgramSigner signs with an external program, called as git calls
// gpg.ssh.program: PROGRAM -Y sign -n git -f KEY FILE, which writes FILE.sig.
// ssh-keygen itself is such a program; so are wrappers around agents, security
// keys and key management services.
type ProgramSigner struct {
	// Program is the path or name of the program.
	Program string
	// Key is passed after -f: a private key file, or a public one whose private half
	// the program can reach.
	Key string
}

// Sign implements [Signer]. What the program returns is verified before it is used.
func (s ProgramSigner) Sign(message io.Reader) ([]byte, error) {
	payload, err := io.ReadAll(message)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "signing-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	name := filepath.Join(dir, "payload")
	if err := os.WriteFile(name, payload, 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), programTimeout)
	defer cancel()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, s.Program, "-Y", "sign", "-n", sshNamespace, "-f", s.Key, name)
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("signing program %s: %w: %s", s.Program, err, lastLine(stderr.String()))
	}
	armored, err := os.ReadFile(name + ".sig")
	if err != nil {
		return nil, fmt.Errorf("signing program %s wrote no signature: %w", s.Program, err)
	}
	if err := checkOwnSignature(payload, armored); err != nil {
		return nil, fmt.Errorf("signing program %s: %w", s.Program, err)
	}
	return armored, nil
}

func checkOwnSignature(payload, armored []byte) error {
	signature, err := sshsig.Unarmor(armored)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	err = sshsig.Verify(bytes.NewReader(payload), signature, signature.PublicKey, signature.HashAlgorithm, sshNamespace)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	return nil
}

// lastLine returns the last line of a program's complaint, the one that matters.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

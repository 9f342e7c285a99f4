package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// CommitOptions say how a snapshot is recorded. Subject, Name, Email and When are
// required.
type CommitOptions struct {
	// Subject is the first line of the message, without a line break.
	Subject string
	// Body follows the subject after an empty line; may be empty, and is no longer than
	// [MaxBody].
	Body string
	// Trailers close the message, in this order.
	Trailers []Trailer
	// Name and Email identify author and committer, who are the same.
	Name  string
	Email string
	// When is the time of the commit, recorded in UTC to the second.
	When time.Time
	// Signer signs the commit; nil leaves it unsigned.
	Signer Signer
	// AllowEmpty makes a commit even if the tree is the parent's: proof that the
	// state was looked at. Without it such a commit is [ErrUnchanged].
	AllowEmpty bool
	// Aside is a reference that takes the commit, wherever it is now, instead of the one
	// that the snapshot was begun on, which stays; empty for none.
	Aside string
	// Joins is a second parent, whose history the commit continues as well as that of its
	// reference; zero for none.
	Joins Hash
}

// MaxBody is how long the body of a commit message may be: half of what a commit may
// take, for everything else in it.
const MaxBody = maxCommitSize / 2

// encodeCommit returns the raw bytes of a commit, signed if a signer is given. The
// signature covers exactly the bytes around it.
func encodeCommit(tree Hash, parents []Hash, o CommitOptions) ([]byte, error) {
	message, err := o.message()
	if err != nil {
		return nil, err
	}
	person, err := o.person()
	if err != nil {
		return nil, err
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "tree %s\n", tree)
	for _, parent := range parents {
		fmt.Fprintf(&head, "parent %s\n", parent)
	}
	fmt.Fprintf(&head, "author %s\ncommitter %s\n", person, person)
	payload := head.String() + "\n" + message
	if len(payload) > maxCommitSize {
		return nil, fmt.Errorf("commit message is longer than %d bytes", maxCommitSize)
	}
	if o.Signer == nil {
		return []byte(payload), nil
	}
	signature, err := o.Signer.Sign(strings.NewReader(payload))
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	folded := strings.ReplaceAll(strings.TrimRight(string(signature), "\n"), "\n", "\n ")
	fmt.Fprintf(&head, "gpgsig %s\n\n%s", folded, message)
	if head.Len() > maxCommitSize {
		return nil, fmt.Errorf("commit message and signature are longer than %d bytes", maxCommitSize)
	}
	return head.Bytes(), nil
}

func (o CommitOptions) message() (string, error) {
	if strings.TrimSpace(o.Subject) == "" || strings.Contains(o.Subject, "\n") {
		return "", errors.New("commit subject must be one line")
	}
	var out strings.Builder
	out.WriteString(o.Subject + "\n")
	if len(o.Body) > MaxBody {
		return "", fmt.Errorf("body of the commit message is longer than %d bytes", MaxBody)
	}
	if body := strings.Trim(o.Body, "\n"); body != "" {
		out.WriteString("\n" + body + "\n")
	}
	for i, t := range o.Trailers {
		if !isTrailerKey(t.Key) || strings.Contains(t.Value, "\n") {
			return "", fmt.Errorf("trailer %q cannot be written", t.Key)
		}
		if i == 0 {
			out.WriteString("\n")
		}
		out.WriteString(t.Key + ": " + t.Value + "\n")
	}
	if !utf8.ValidString(out.String()) || strings.Contains(out.String(), "\x00") {
		return "", errors.New("commit message is not UTF-8 text")
	}
	return out.String(), nil
}

func (o CommitOptions) person() (string, error) {
	for _, s := range []string{o.Name, o.Email} {
		if strings.TrimSpace(s) == "" || strings.ContainsAny(s, "<>\n\x00") || !utf8.ValidString(s) {
			return "", fmt.Errorf("%q cannot be a committer's name or address", s)
		}
	}
	if o.When.Unix() <= 0 {
		return "", errors.New("commit has no time")
	}
	return fmt.Sprintf("%s <%s> %d +0000", strings.TrimSpace(o.Name), strings.TrimSpace(o.Email), o.When.Unix()), nil
}

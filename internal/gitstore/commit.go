package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Person is who wrote or committed, and when.
type Person struct {
	Name  string
	Email string
	When  time.Time
}

// Trailer is one "Key: value" line at the end of a commit message.
type Trailer struct {
	Key   string
	Value string
}

// Commit is one commit, read from bytes that hash to its name.
type Commit struct {
	Hash      Hash
	Tree      Hash
	Parents   []Hash
	Author    Person
	Committer Person
	// Subject is the first line of the message, Body what follows it without the
	// trailers.
	Subject  string
	Body     string
	Trailers []Trailer

	payload    []byte   // the raw bytes that a signature covers
	signatures [][]byte // armored, as found
}

// Trailer returns the value of the last trailer with the given key.
func (c *Commit) Trailer(key string) (string, bool) {
	for i := len(c.Trailers) - 1; i >= 0; i-- {
		if strings.EqualFold(c.Trailers[i].Key, key) {
			return c.Trailers[i].Value, true
		}
	}
	return "", false
}

// Commit reads a commit that something names: a reference, another commit, or
// [Repo.Resolve]. Its absence is damage.
func (r *Repo) Commit(h Hash) (*Commit, error) {
	raw, err := r.objects.read(typeCommit, h)
	if err != nil {
		return nil, damaged(err)
	}
	c, err := parseCommit(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: commit %s: %w", ErrDamaged, h, err)
	}
	c.Hash = h
	return c, nil
}

// parent reads the first parent of c; its absence is damage.
func (r *Repo) parent(c *Commit) (*Commit, error) {
	p, err := r.Commit(c.Parents[0])
	if err != nil {
		if r.isShallow(c.Hash) {
			return nil, fmt.Errorf("%w: history is cut off at commit %s: this is a shallow clone", ErrDamaged, c.Hash)
		}
		return nil, fmt.Errorf("parent of %s: %w", c.Hash.Short(), err)
	}
	return p, nil
}

// isShallow reports whether a native git left out the parents of a commit on purpose.
func (r *Repo) isShallow(h Hash) bool {
	text, err := os.ReadFile(r.path("shallow"))
	return err == nil && strings.Contains(string(text), h.String())
}

// parseCommit reads the raw bytes of a commit. Headers must come in the order in
// which git writes them, each once; unknown ones may follow and are kept in the
// signed payload.
func parseCommit(raw []byte) (*Commit, error) {
	head, message, ok := bytes.Cut(raw, []byte("\n\n"))
	if !ok {
		return nil, errors.New("no message")
	}
	c := &Commit{payload: make([]byte, 0, len(raw))}
	headers, err := c.splitHeaders(string(head))
	if err != nil {
		return nil, err
	}
	c.payload = append(append(c.payload, '\n'), message...)
	if err := c.readHeaders(headers); err != nil {
		return nil, err
	}
	c.readMessage(string(message))
	return c, nil
}

type header struct{ key, value string }

// splitHeaders separates signatures from what they sign: git leaves every header
// that begins with "gpgsig" out of the payload.
func (c *Commit) splitHeaders(head string) ([]header, error) {
	var headers []header
	signature := false
	for line := range strings.SplitSeq(head, "\n") {
		if rest, ok := strings.CutPrefix(line, " "); ok {
			switch {
			case signature:
				last := &c.signatures[len(c.signatures)-1]
				*last = append(append(*last, rest...), '\n')
			case len(headers) == 0:
				return nil, errors.New("first header is cut off")
			default:
				c.payload = append(append(c.payload, line...), '\n')
			}
			continue
		}
		key, value, _ := strings.Cut(line, " ")
		if signature = strings.HasPrefix(key, "gpgsig"); signature {
			c.signatures = append(c.signatures, []byte(value+"\n"))
			continue
		}
		headers = append(headers, header{key, value})
		c.payload = append(append(c.payload, line...), '\n')
	}
	return headers, nil
}

func (c *Commit) readHeaders(headers []header) (err error) {
	next := func(key string) (string, bool) {
		if len(headers) == 0 || headers[0].key != key {
			return "", false
		}
		value := headers[0].value
		headers = headers[1:]
		return value, true
	}
	value, _ := next("tree")
	if c.Tree, err = ParseHash(value); err != nil {
		return fmt.Errorf("tree: %w", err)
	}
	for value, ok := next("parent"); ok; value, ok = next("parent") {
		parent, err := ParseHash(value)
		if err != nil {
			return fmt.Errorf("parent: %w", err)
		}
		c.Parents = append(c.Parents, parent)
	}
	value, _ = next("author")
	if c.Author, err = parsePerson(value); err != nil {
		return fmt.Errorf("author: %w", err)
	}
	value, _ = next("committer")
	if c.Committer, err = parsePerson(value); err != nil {
		return fmt.Errorf("committer: %w", err)
	}
	for _, h := range headers {
		switch h.key {
		case "tree", "parent", "author", "committer":
			return fmt.Errorf("header %s is repeated or out of place", h.key)
		}
	}
	return nil
}

// parsePerson reads "Name <email> seconds +hhmm".
func parsePerson(s string) (Person, error) {
	open, end := strings.IndexByte(s, '<'), strings.LastIndexByte(s, '>')
	if open < 0 || end < open {
		return Person{}, fmt.Errorf("%q has no e-mail address", s)
	}
	seconds, zone, _ := strings.Cut(strings.TrimPrefix(s[end+1:], " "), " ")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || unix < 0 || unix > 1<<40 {
		return Person{}, fmt.Errorf("%q has no time", s)
	}
	offset, err := time.Parse("-0700", zone)
	if err != nil {
		return Person{}, fmt.Errorf("%q has no time zone", s)
	}
	return Person{
		Name:  strings.TrimRight(s[:open], " "),
		Email: s[open+1 : end],
		When:  time.Unix(unix, 0).In(offset.Location()),
	}, nil
}

// readMessage separates subject, body and trailers. Trailers are the last
// paragraph, if every line of it looks like one and it is not the subject.
func (c *Commit) readMessage(message string) {
	message = strings.TrimRight(message, "\n")
	subject, rest, _ := strings.Cut(message, "\n")
	c.Subject = subject
	body := strings.Trim(rest, "\n")
	last := body
	if i := strings.LastIndex(body, "\n\n"); i >= 0 {
		last, body = body[i+2:], body[:i]
	} else {
		body = ""
	}
	for line := range strings.SplitSeq(last, "\n") {
		key, value, ok := strings.Cut(line, ": ")
		if !ok || !isTrailerKey(key) {
			c.Trailers, c.Body = nil, strings.Trim(rest, "\n")
			return
		}
		c.Trailers = append(c.Trailers, Trailer{Key: key, Value: value})
	}
	c.Body = strings.TrimRight(body, "\n")
}

func isTrailerKey(key string) bool {
	for i := range len(key) {
		if c := key[i]; c == '.' || c == '_' || c == '~' || !isNameByte(c) {
			return false
		}
	}
	return key != ""
}

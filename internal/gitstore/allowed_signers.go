package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// AllowedSigners is a list of SSH keys that may sign, in the format that
// ssh-keygen(1) describes under ALLOWED SIGNERS.
type AllowedSigners struct{ entries []allowedSigner }

type allowedSigner struct {
	principals  string
	key         ssh.PublicKey
	namespaces  string // pattern list; "" allows all
	validAfter  time.Time
	validBefore time.Time
}

// ParseAllowedSigners reads the list. It is stricter than ssh-keygen, which stops at
// or skips a line that it cannot read: here any such line is [ErrBadKey], named by
// its number, because a list of who is trusted must mean what it says.
// Certificate authorities are refused, since certificates are not verified here.
// Times without a Z are in the local time zone, as ssh-keygen reads them.
func ParseAllowedSigners(text []byte) (*AllowedSigners, error) {
	list := &AllowedSigners{}
	number := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		number++
		line = strings.Trim(line, " \t\r")
		if line == "" || line[0] == '#' {
			continue
		}
		entry, err := parseAllowedSigner(line)
		if err != nil {
			return nil, fmt.Errorf("allowed signers line %d: %w: %w", number, ErrBadKey, err)
		}
		list.entries = append(list.entries, entry)
	}
	return list, nil
}

// Len returns the number of entries.
func (l *AllowedSigners) Len() int { return len(l.entries) }

func parseAllowedSigner(line string) (allowedSigner, error) {
	principals, rest, err := cutPrincipals(line)
	if err != nil {
		return allowedSigner{}, err
	}
	entry := allowedSigner{principals: principals}
	// What follows is a key, or options and a key; only a key type starts a key.
	if entry.key, err = parsePublicKey(rest); err == nil {
		return entry, nil
	}
	options, rest, err := cutOptions(rest)
	if err != nil {
		return allowedSigner{}, err
	}
	if entry.key, err = parsePublicKey(rest); err != nil {
		return allowedSigner{}, err
	}
	for _, o := range options {
		if err := entry.apply(o); err != nil {
			return allowedSigner{}, err
		}
	}
	if !entry.validAfter.IsZero() && !entry.validBefore.IsZero() && !entry.validAfter.Before(entry.validBefore) {
		return allowedSigner{}, errors.New("valid-before is not after valid-after")
	}
	return entry, nil
}

// cutPrincipals takes the first field, which may be quoted.
func cutPrincipals(line string) (principals, rest string, err error) {
	if quoted, ok := strings.CutPrefix(line, `"`); ok {
		if principals, rest, ok = strings.Cut(quoted, `"`); !ok {
			return "", "", errors.New("quotation mark is not closed")
		}
	} else if i := strings.IndexAny(line, " \t"); i >= 0 {
		principals, rest = line[:i], line[i:]
	} else {
		principals = line
	}
	rest = strings.TrimLeft(rest, " \t")
	if principals == "" || rest == "" {
		return "", "", errors.New("principals and a key are required")
	}
	return principals, rest, nil
}

// parsePublicKey reads "type base64 [comment]".
func parsePublicKey(s string) (ssh.PublicKey, error) {
	fields := strings.Fields(s)
	if len(fields) < 2 {
		return nil, errors.New("no public key")
	}
	key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(fields[0] + " " + fields[1]))
	if err != nil || len(options) > 0 || key.Type() != fields[0] {
		return nil, fmt.Errorf("%q is not a public key", fields[0])
	}
	if _, ok := key.(*ssh.Certificate); ok {
		return nil, errors.New("certificates are not supported")
	}
	return key, nil
}

// cutOptions takes the comma-separated options; a comma or space inside quotation
// marks does not end one.
func cutOptions(s string) (options []string, rest string, err error) {
	start, quoted := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			options = append(options, s[start:i])
			start = i + 1
		case c == ' ' || c == '\t':
			return append(options, s[start:i]), strings.TrimLeft(s[i:], " \t"), nil
		}
	}
	return nil, "", errors.New("no public key")
}

func (e *allowedSigner) apply(option string) (err error) {
	name, value, hasValue := strings.Cut(option, "=")
	if hasValue {
		if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
			return fmt.Errorf("value of option %s is not in quotation marks", name)
		}
		value = value[1 : len(value)-1]
	}
	switch strings.ToLower(name) {
	case "cert-authority":
		return errors.New("option cert-authority is not supported: list the keys themselves")
	case "namespaces":
		if e.namespaces != "" || value == "" {
			return errors.New("option namespaces needs one list")
		}
		e.namespaces = value
	case "valid-after":
		err = setTime(&e.validAfter, value)
	case "valid-before":
		err = setTime(&e.validBefore, value)
	default:
		return fmt.Errorf("unknown option %q", name)
	}
	if err != nil {
		return fmt.Errorf("option %s: %w", name, err)
	}
	return nil
}

// setTime reads YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, each with an optional Z.
func setTime(to *time.Time, value string) error {
	if !to.IsZero() {
		return errors.New("given twice")
	}
	digits, zone := value, time.Local
	if d, ok := strings.CutSuffix(strings.ToUpper(value), "Z"); ok {
		digits, zone = d, time.UTC
	}
	layout, ok := map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}[len(digits)]
	if !ok {
		return fmt.Errorf("%q is not a time", value)
	}
	t, err := time.ParseInLocation(layout, digits, zone)
	if err != nil {
		return fmt.Errorf("%q is not a time", value)
	}
	*to = t
	return nil
}

// find returns the signer that key belongs to, if it may sign in the namespace at
// the given time.
func (l *AllowedSigners) find(key ssh.PublicKey, namespace string, at time.Time) (Signatory, error) {
	fingerprint := ssh.FingerprintSHA256(key)
	why := "is not listed"
	for _, e := range l.entries {
		if !bytes.Equal(e.key.Marshal(), key.Marshal()) {
			continue
		}
		switch {
		case e.namespaces != "" && !matchPatterns(namespace, e.namespaces):
			why = "may not sign in namespace " + namespace
		case !e.validAfter.IsZero() && at.Before(e.validAfter):
			why = "is not valid before " + e.validAfter.UTC().Format(time.RFC3339)
		case !e.validBefore.IsZero() && at.After(e.validBefore):
			why = "is not valid after " + e.validBefore.UTC().Format(time.RFC3339)
		default:
			return Signatory{Principal: e.principals, Fingerprint: fingerprint, Format: "ssh"}, nil
		}
	}
	return Signatory{}, fmt.Errorf("%w: key %s %s", ErrUnknownSigner, fingerprint, why)
}

// matchPatterns reports whether s matches a pattern list as ssh_config(5) describes
// them: any of its patterns, and none of the negated ones.
func matchPatterns(s, list string) bool {
	matched := false
	for pattern := range strings.SplitSeq(list, ",") {
		negated := strings.HasPrefix(pattern, "!")
		if !matchPattern(s, strings.TrimPrefix(pattern, "!")) {
			continue
		}
		if negated {
			return false
		}
		matched = true
	}
	return matched
}

// matchPattern matches * and ?; it backtracks to the last star only.
func matchPattern(s, pattern string) bool {
	star, mark, p := -1, 0, 0
	for i := 0; i < len(s); {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			i, p = i+1, p+1
		case star >= 0:
			mark++
			i, p = mark, star+1
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

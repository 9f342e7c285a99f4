package ui

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// ErrNotTerminal reports a question that nobody is there to answer.
var ErrNotTerminal = errors.New("standard input is not a terminal")

// Streams are what a command reads from and writes to. Its methods may be called
// from several goroutines; Out is the command's own.
type Streams struct {
	In  io.Reader
	Out io.Writer // the result
	Err io.Writer // the conversation

	// InTTY, OutTTY and ErrTTY say which of them are terminals.
	InTTY, OutTTY, ErrTTY bool
	// NoColour keeps the palettes plain on a terminal, too.
	NoColour bool
	// Width returns the columns of the terminal behind Err; nil means 80.
	Width func() int
	// Now is the clock of the progress line; nil means [time.Now].
	Now func() time.Time

	mu       sync.Mutex
	progress *Progress // the one whose line is on the screen
}

// System returns the streams of the process.
func System() *Streams {
	tty := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	return &Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY: tty(os.Stdin), OutTTY: tty(os.Stdout), ErrTTY: tty(os.Stderr),
		NoColour: os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb",
		Width: func() int {
			width, _, err := term.GetSize(int(os.Stderr.Fd()))
			if err != nil {
				return defaultWidth
			}
			return width
		},
	}
}

const defaultWidth = 80

// OutPalette returns the palette for Out.
func (s *Streams) OutPalette() Palette { return Palette{colour: s.OutTTY && !s.NoColour} }

// ErrPalette returns the palette for Err.
func (s *Streams) ErrPalette() Palette { return Palette{colour: s.ErrTTY && !s.NoColour} }

// Say writes one sentence of the conversation: "entragit: " and the text, made
// [Safe]. Errors of writing to Err have nowhere to go and are dropped.
func (s *Streams) Say(format string, args ...any) { s.say("entragit: ", format, args) }

// Hint writes a line of advice: "hint: " and the text, made [Safe].
func (s *Streams) Hint(format string, args ...any) { s.say("hint: ", format, args) }

func (s *Streams) say(prefix, format string, args []any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	fmt.Fprintln(s.Err, prefix+Safe(fmt.Sprintf(format, args...)))
}

// Confirm asks a question that is answered by y or n and reports whether the
// answer was y; anything else, an empty line included, is n. It returns
// [ErrNotTerminal] when nobody is there to ask.
func (s *Streams) Confirm(question string) (bool, error) {
	if !s.InTTY {
		return false, ErrNotTerminal
	}
	s.mu.Lock()
	s.clear()
	fmt.Fprintf(s.Err, "%s [y/N] ", Safe(question))
	s.mu.Unlock()
	line, err := bufio.NewReader(s.In).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read the answer: %w", err)
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes", nil
}

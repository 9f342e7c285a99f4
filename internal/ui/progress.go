package ui

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// How often a progress line is redrawn on a terminal, and how often one is printed
// where there is none: a log wants a sign of life, not a film.
const (
	redrawEvery = 100 * time.Millisecond
	printEvery  = 15 * time.Second
)

// Progress is one line on Err that tells how far a long operation is.
type Progress struct {
	streams *Streams
	next    time.Time // before it, updates are dropped
	drawn   bool      // the line is on the screen
}

// Progress starts a progress line. Nothing is shown before the first update; where
// Err is no terminal, nothing before the operation has taken some seconds.
func (s *Streams) Progress() *Progress {
	p := &Progress{streams: s}
	if !s.ErrTTY {
		p.next = s.now().Add(printEvery)
	}
	return p
}

// Update shows the text, made [Safe], unless the line was shown a moment ago.
func (p *Progress) Update(text string) {
	s := p.streams
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if now.Before(p.next) {
		return
	}
	if !s.ErrTTY {
		p.next = now.Add(printEvery)
		fmt.Fprintln(s.Err, "entragit: "+Safe(text))
		return
	}
	p.next = now.Add(redrawEvery)
	s.clear()
	fmt.Fprint(s.Err, clip(Safe(text), s.width()-1))
	p.drawn, s.progress = true, p
}

// Done takes the line off the screen.
func (p *Progress) Done() {
	p.streams.mu.Lock()
	defer p.streams.mu.Unlock()
	p.streams.clear()
}

// clear takes a drawn progress line off the screen, so that other text can be
// written; the next update draws it again. The caller holds the lock.
func (s *Streams) clear() {
	if s.progress == nil || !s.progress.drawn {
		return
	}
	fmt.Fprint(s.Err, "\r\x1b[K")
	s.progress.drawn = false
	s.progress = nil
}

func (s *Streams) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// width is the terminal's, or a usual one where the terminal does not know.
func (s *Streams) width() int {
	if s.Width != nil {
		if width := s.Width(); width > 1 {
			return width
		}
	}
	return defaultWidth
}

// clip shortens a line to n characters, because a line that wraps cannot be
// cleared.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

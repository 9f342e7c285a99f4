package gitstore

import (
	"bytes"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// compressLevel by measurement, 606-byte YAML objects, klauspost/compress v1.20:
// level 1 takes 16.9 µs for 380 bytes, level 6 22.5 µs for 370 bytes; the standard
// library 26.7 and 47.3 µs. Three per cent of size is not worth a third of the time.
const compressLevel = 1

const (
	compressWorkers = 2
	// batchBytes is how much input a worker takes at once: enough to make the hand
	// over cheap, little enough that all batches in flight are a few megabytes.
	batchBytes = 1 << 18
)

// batch is a run of objects on its way through a worker.
type batch struct {
	in      []byte
	objects []batchObject
	out     bytes.Buffer
	done    chan error
}

type batchObject struct {
	kind     objectType
	hash     Hash
	size     int // of the input
	finished int // end of the entry in out
}

// compressor turns objects into pack entries on several cores and hands them to
// emit in the order of add. emit runs on the caller's goroutine.
type compressor struct {
	emit    func(Hash, []byte) error
	current *batch
	queue   []*batch // in order of add, being compressed
	free    []*batch
	work    chan *batch
	workers sync.WaitGroup
	err     error
	closed  bool
}

func newCompressor(emit func(Hash, []byte) error) *compressor {
	c := &compressor{emit: emit, work: make(chan *batch, compressWorkers*2)}
	for range compressWorkers {
		c.workers.Go(c.run)
	}
	return c
}

func (c *compressor) run() {
	zw, err := zlib.NewWriterLevel(nil, compressLevel)
	for b := range c.work {
		if err == nil {
			err = b.compress(zw)
		}
		b.done <- err
	}
}

func (b *batch) compress(zw *zlib.Writer) error {
	in := b.in
	for i := range b.objects {
		o := &b.objects[i]
		appendEntryHeader(&b.out, o.kind, o.size)
		zw.Reset(&b.out)
		if _, err := zw.Write(in[:o.size]); err != nil {
			return err
		}
		if err := zw.Close(); err != nil {
			return err
		}
		in = in[o.size:]
		o.finished = b.out.Len()
	}
	return nil
}

// appendEntryHeader writes type and size as pack entries encode them: four bits of
// size beside the type, then seven per byte, least significant first.
func appendEntryHeader(out *bytes.Buffer, t objectType, size int) {
	c := byte(t)<<4 | byte(size&0xf)
	for size >>= 4; size > 0; size >>= 7 {
		out.WriteByte(c | 0x80)
		c = byte(size & 0x7f)
	}
	out.WriteByte(c)
}

func (c *compressor) add(t objectType, h Hash, data []byte) error {
	if c.err != nil {
		return c.err
	}
	if c.current == nil {
		c.current = c.take()
	}
	b := c.current
	b.in = append(b.in, data...)
	b.objects = append(b.objects, batchObject{kind: t, hash: h, size: len(data)})
	if len(b.in) >= batchBytes {
		c.submit()
	}
	return c.err
}

func (c *compressor) take() *batch {
	if n := len(c.free); n > 0 {
		b := c.free[n-1]
		c.free = c.free[:n-1]
		return b
	}
	return &batch{done: make(chan error, 1)}
}

// submit sends the current batch to a worker, first making room by writing the
// oldest one.
func (c *compressor) submit() {
	if len(c.queue) == cap(c.work) {
		c.drainOne()
	}
	c.queue = append(c.queue, c.current)
	c.work <- c.current
	c.current = nil
}

func (c *compressor) drainOne() {
	b := c.queue[0]
	c.queue = append(c.queue[:0], c.queue[1:]...)
	if err := <-b.done; err != nil && c.err == nil {
		c.err = err
	}
	out, start := b.out.Bytes(), 0
	for _, o := range b.objects {
		if c.err != nil {
			break
		}
		c.err = c.emit(o.hash, out[start:o.finished])
		start = o.finished
	}
	if cap(b.in) > 2*batchBytes {
		return // grown for one large object; let it go
	}
	b.in, b.objects = b.in[:0], b.objects[:0]
	b.out.Reset()
	c.free = append(c.free, b)
}

// close writes what is queued, stops the workers and returns the first error. It
// may be called again.
func (c *compressor) close() error {
	if c.closed {
		return c.err
	}
	c.closed = true
	if c.current != nil && c.err == nil {
		c.submit()
	}
	close(c.work)
	for len(c.queue) > 0 {
		c.drainOne()
	}
	c.workers.Wait()
	return c.err
}

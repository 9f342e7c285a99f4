//go:build unix

package gitstore

import (
	"fmt"
	"testing"
)

// BenchmarkReadBesideManyPacks opens a repository and reads 5,000 files of its newest
// snapshot, once from a single pack and once with a year of daily snapshots beside it.
func BenchmarkReadBesideManyPacks(b *testing.B) {
	for _, days := range []int{0, 365} {
		b.Run(fmt.Sprintf("packs=%d", days+1), func(b *testing.B) {
			r := newRepo(b)
			first := files{}
			for i := range 5000 {
				first[fmt.Sprintf("users/%02x/%d.yaml", i%256, i)] = text(fmt.Sprint("user ", i))
			}
			snap(b, r, first, options("first", epoch))
			for day := range days {
				change := files{}
				for i := range 20 {
					n := (day*20 + i) % 5000
					change[fmt.Sprintf("users/%02x/%d.yaml", n%256, n)] = text(fmt.Sprint("day ", day, " user ", n))
				}
				snap(b, r, change, options("day", epoch.AddDate(0, 0, day)))
			}
			for b.Loop() {
				readBench(b, r)
			}
		})
	}
}

func readBench(b *testing.B, r *Repo) {
	again, err := Open(r.dir)
	if err != nil {
		b.Fatal(err)
	}
	defer again.Close()
	tree, err := again.Tree(mustHead(b, again))
	if err != nil {
		b.Fatal(err)
	}
	for f, err := range tree.Files("") {
		if err != nil {
			b.Fatal(err)
		}
		if _, err := again.ReadBlob(f.Hash); err != nil {
			b.Fatal(err)
		}
	}
}

package history

import (
	"context"

	"github.com/entragit/entragit/internal/gitstore"
)

// A drill is recorded beside the operations, with its result as the only file.
const (
	drillTrailer = "Entragit-Drill" // what it came to, in words
	drillFile    = "drill.json"
)

// Drill records the result of a drill.
func (r *Recorder) Drill(ctx context.Context, id, summary string, result []byte) (gitstore.Hash, error) {
	return r.Record(ctx, Entry{
		Operation: id, Subject: "drill: " + summary, Files: map[string][]byte{drillFile: result},
		Trailers: []gitstore.Trailer{{Key: drillTrailer, Value: summary}},
	})
}

// Drills returns the results of the newest recorded drills, newest first. Records that do
// not verify make it an error, as of [Repository.Operations].
func (r *Repository) Drills(ctx context.Context, most int) ([][]byte, error) {
	records, err := r.records(ctx)
	if err != nil {
		return nil, err
	}
	var results [][]byte
	for _, record := range records {
		if _, ok := record.Trailer(drillTrailer); !ok {
			continue
		}
		if len(results) == most {
			break
		}
		tree, err := r.Tree(record.Hash)
		if err != nil {
			return nil, err
		}
		data, err := tree.Read(drillFile)
		if err != nil {
			return nil, err
		}
		results = append(results, data)
	}
	return results, nil
}

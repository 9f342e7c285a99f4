package cli

import (
	"context"
	"fmt"

	"github.com/entragit/entragit/internal/trust"
)

// operationsQuestion is the one that a repository answers in which operations are recorded.
const operationsQuestion = "operations"

// operations judges the records of operations, where there are any: each is signed by a key
// that counted after the snapshot that it rests on, and all of its files can be read.
func (o *verifyOptions) operations(ctx context.Context, repo *repository, chain *trust.Chain) (checks []check, broken error, err error) {
	head, ok, err := repo.Ref(trust.OperationsRef)
	if err != nil || !ok {
		return nil, nil, err
	}
	judged, err := chain.Operations(ctx, head)
	if err != nil {
		return nil, nil, err
	}
	files, err := chain.Read(ctx, judged)
	if err != nil {
		return nil, nil, err
	}
	c := check{Question: operationsQuestion, OK: len(judged.Problems) == 0, Answer: fmt.Sprintf("%d records signed, %d files read and hashed", len(judged.Records), files)}
	for _, p := range judged.Problems[:min(len(judged.Problems), maxProblems)] {
		c.Problems = append(c.Problems, p.Text)
	}
	_, broken = judged.Verified()
	return []check{c}, repo.explainOperations(broken), nil
}

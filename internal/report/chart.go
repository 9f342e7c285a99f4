package report

import (
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// Day is how much changed on one day.
type Day struct {
	// Date is the day's beginning, UTC.
	Date time.Time
	// Changes is how many objects the snapshots of the day found added, changed or removed.
	Changes int
	// Worst is the worst that those changes can do, "" for nothing.
	Worst entra.Severity
}

// chartWidth is the length of the longest bar, so that a line with "1,000,000 critical" fits 80
// columns.
const chartWidth = 48

// Chart draws the changes of each day with the worst that they can do, in the order of the
// days, those between without a snapshot among them.
func Chart(days []Day) Document {
	most := 0
	for _, d := range days {
		most = max(most, d.Changes)
	}
	s := section{title: "Changes a day", tone: strong}
	for i, d := range days {
		if i > 0 {
			if gap := int(d.Date.Sub(days[i-1].Date).Hours()/24) - 1; gap > 0 {
				s.items = append(s.items, item{at(0, own("…"), own(count(gap, "day")+" without a snapshot").toned(faint))})
			}
		}
		row := []span{own(d.Date.Format(time.DateOnly)), bar(d.Changes, most), own(number(d.Changes))}
		if d.Worst != "" {
			row = append(row, severity(d.Worst))
		}
		s.items = append(s.items, item{at(0, row...)})
	}
	return Document{sections: []section{s}}
}

// bar is as long as a count is to the largest; what is not nothing is seen.
func bar(n, most int) span {
	if n == 0 {
		return span{text: "·", tone: faint}
	}
	return span{text: strings.Repeat("█", max(1, n*chartWidth/most)), tone: changed}
}

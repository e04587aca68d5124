package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rivulet-go/rivulet/source"
)

func TestProgram(t *testing.T) {
	var stdout, stderr bytes.Buffer
	arguments := strings.Fields("-addr localhost:0 -groups 3 -size 5 -every 1ms")
	require.NoError(t, run(t.Context(), arguments, &stdout, &stderr))
	require.Regexp(t, `^The metrics are at http://127.0.0.1:\d+/metrics\n(5 visitors, \d of them from [A-Z][a-z A-Z]+\n){3}$`,
		stdout.String())
	require.Error(t, run(t.Context(), []string{"-size", "0"}, io.Discard, io.Discard))
	require.Error(t, run(t.Context(), []string{"-addr", "nowhere:1:2"}, io.Discard, io.Discard))
}

func TestMostFrequent(t *testing.T) {
	var group []source.Event[Visitor]
	for _, country := range []string{"Chile", "Ghana", "Japan", "Ghana", "Japan"} {
		group = append(group, source.Event[Visitor]{Data: Visitor{Country: country}})
	}
	country, visits := mostFrequent(group)
	require.Equal(t, "Ghana", country)
	require.Equal(t, 2, visits)
}

// Every metric, label and label value that the dashboard and the alerts name is in what Prometheus scrapes.
func TestDashboardAndAlerts(t *testing.T) {
	queries := queriesOf(t)
	require.Greater(t, len(queries), 15)
	url := start(t)
	var missing []string
	require.Eventually(t, func() bool {
		missing = missingIn(scrape(t, url), queries)
		return len(missing) == 0
	}, 30*time.Second, 100*time.Millisecond, "%v", &missing)
}

// The README says what each alert means.
func TestAlertsAreExplained(t *testing.T) {
	alerts, err := os.ReadFile("alerts.yml")
	require.NoError(t, err)
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	names := regexp.MustCompile(`(?m)^ +- alert: (.+)$`).FindAllSubmatch(alerts, -1)
	require.NotEmpty(t, names)
	for _, name := range names {
		require.Contains(t, string(readme), "| "+string(name[1])+" |")
	}
}

// start starts the program and returns the address of its metrics.
func start(t *testing.T) string {
	ctx, cancel := context.WithCancel(t.Context())
	output, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		arguments := strings.Fields("-addr localhost:0 -size 100 -every 2ms -cut 50ms") // a group takes several connections
		ended <- run(ctx, arguments, stdout, io.Discard)
		stdout.Close()
	}()
	lines := bufio.NewScanner(output)
	require.True(t, lines.Scan())
	go func() { _, _ = io.Copy(io.Discard, output) }() // ends with the program
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	return strings.TrimPrefix(lines.Text(), "The metrics are at ")
}

func scrape(t *testing.T, url string) string {
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}

// queriesOf returns the queries of the dashboard and of the alerts.
func queriesOf(t *testing.T) (queries []string) {
	file, err := os.ReadFile("dashboard.json")
	require.NoError(t, err)
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(file, &dashboard))
	for _, panel := range dashboard.Panels {
		require.NotEmpty(t, panel.Targets, panel.Title)
		for _, target := range panel.Targets {
			queries = append(queries, target.Expr)
		}
	}
	alerts, err := os.ReadFile("alerts.yml")
	require.NoError(t, err)
	for _, match := range regexp.MustCompile(`(?m)^ +expr: (.+)$`).FindAllSubmatch(alerts, -1) {
		queries = append(queries, string(match[1]))
	}
	return queries
}

var (
	metricName  = regexp.MustCompile(`\brivulet_\w+(\{[^}]*\})?`)
	isLabel     = regexp.MustCompile(`^rivulet_(stream_name|sink_name|outcome|connection_state)$`)
	matcherText = regexp.MustCompile(`(\w+)(=|!=|!~)"([^"]*)"`)
	grouping    = regexp.MustCompile(`by \(([^)]*)\)`)
)

// missingIn returns what queries name that a scrape does not have.
func missingIn(scraped string, queries []string) (missing []string) {
	for _, query := range queries {
		for _, label := range labelsOf(query) {
			if label != "job" && !strings.Contains(scraped, label+`="`) { // Prometheus adds job
				missing = append(missing, label)
			}
		}
		for _, selector := range metricName.FindAllString(query, -1) {
			if name, matchers, _ := strings.Cut(selector, "{"); !isLabel.MatchString(name) &&
				!hasSeries(scraped, name, strings.TrimSuffix(matchers, "}")) {
				missing = append(missing, selector)
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// labelsOf returns the labels by which a query groups.
func labelsOf(query string) (labels []string) {
	for _, match := range grouping.FindAllStringSubmatch(query, -1) {
		labels = append(labels, strings.Split(strings.ReplaceAll(match[1], " ", ""), ",")...)
	}
	return labels
}

// hasSeries reports whether a scrape has a series of this name with these labels.
func hasSeries(scraped, name, matchers string) bool {
	for line := range strings.Lines(scraped) {
		if strings.HasPrefix(line, name+"{") && matches(line, matchers) {
			return true
		}
	}
	return false
}

// matches reports whether a series has the labels of matchers. Of a matcher with != or !~ it looks at the label only.
func matches(series, matchers string) bool {
	for _, matcher := range matcherText.FindAllStringSubmatch(matchers, -1) {
		text := matcher[1] + `="`
		if matcher[2] == "=" {
			text += matcher[3] + `"`
		}
		if !strings.Contains(series, text) {
			return false
		}
	}
	return true
}

// What a query names and the scrape does not have is found.
func TestMissing(t *testing.T) {
	const scraped = `rivulet_stream_items_total{rivulet_stream_name="feed"} 7` + "\n"
	for query, missing := range map[string][]string{
		`rate(rivulet_stream_items_total[1m])`:                                nil,
		`rivulet_stream_items_total{rivulet_stream_name="feed"}`:              nil,
		`sum by (rivulet_stream_name) (rivulet_stream_items_total)`:           nil,
		`rivulet_stream_items_total{rivulet_stream_name!~"page|sink"}`:        nil,
		`rivulet_stream_items_total{rivulet_outcome!="failed"}`:               {`rivulet_stream_items_total{rivulet_outcome!="failed"}`},
		`rivulet_stream_items`:                                                {"rivulet_stream_items"},
		`rivulet_stream_items_total{rivulet_stream_name="page"}`:              {`rivulet_stream_items_total{rivulet_stream_name="page"}`},
		`sum by (rivulet_sink_name, error_type) (rivulet_stream_items_total)`: {"error_type", "rivulet_sink_name"},
	} {
		require.Equal(t, missing, missingIn(scraped, []string{query}), query)
	}
}

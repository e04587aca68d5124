package main

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/rivulet-go/rivulet/operators"
	"github.com/rivulet-go/rivulet/sink"
	"github.com/rivulet-go/rivulet/source"
)

// notice is an event of the embedded server.
type notice struct {
	kind string // "connected" or "visitor"
	data any
}

// newFeed returns the embedded server. On /visitors it sends "connected" to each client, and then a "visitor" event at
// regular intervals. It keeps the last 100 for clients that lost their connection.
func newFeed(every time.Duration) http.Handler {
	visitors := operators.Map(source.Interval(every), func(int) notice { return notice{"visitor", anyone()} })
	feed := http.NewServeMux()
	feed.Handle("GET /visitors", sink.EventSource(visitors, sink.Config[notice]{
		Type:     func(n notice) string { return n.kind },
		Encode:   func(n notice) ([]byte, error) { return json.Marshal(n.data) },
		Greeting: []notice{{"connected", true}},
		Replay:   100,
	}))
	return feed
}

// anyone returns a visitor from a random country.
func anyone() Country {
	visitor := countries[rand.IntN(len(countries))]
	visitor.Flag = emoji(visitor.Code)
	visitor.Timestamp = time.Now().UnixMilli()
	return visitor
}

// emoji returns the flag of a country: the two letters of its ISO 3166 code as regional indicator symbols.
func emoji(code string) string {
	const indicatorA = '🇦'
	return string([]rune{indicatorA + rune(code[0]-'A'), indicatorA + rune(code[1]-'A')})
}

var countries = []Country{
	{Name: "Argentina", Code: "AR"}, {Name: "Australia", Code: "AU"}, {Name: "Austria", Code: "AT"},
	{Name: "Bangladesh", Code: "BD"}, {Name: "Belgium", Code: "BE"}, {Name: "Brazil", Code: "BR"},
	{Name: "Canada", Code: "CA"}, {Name: "Chile", Code: "CL"}, {Name: "Colombia", Code: "CO"},
	{Name: "Czechia", Code: "CZ"}, {Name: "Denmark", Code: "DK"}, {Name: "Egypt", Code: "EG"},
	{Name: "Ethiopia", Code: "ET"}, {Name: "Finland", Code: "FI"}, {Name: "France", Code: "FR"},
	{Name: "Germany", Code: "DE"}, {Name: "Ghana", Code: "GH"}, {Name: "Greece", Code: "GR"},
	{Name: "Iceland", Code: "IS"}, {Name: "India", Code: "IN"}, {Name: "Indonesia", Code: "ID"},
	{Name: "Ireland", Code: "IE"}, {Name: "Italy", Code: "IT"}, {Name: "Japan", Code: "JP"},
	{Name: "Kenya", Code: "KE"}, {Name: "Malaysia", Code: "MY"}, {Name: "Mexico", Code: "MX"},
	{Name: "Morocco", Code: "MA"}, {Name: "Netherlands", Code: "NL"}, {Name: "New Zealand", Code: "NZ"},
	{Name: "Nigeria", Code: "NG"}, {Name: "Norway", Code: "NO"}, {Name: "Pakistan", Code: "PK"},
	{Name: "Peru", Code: "PE"}, {Name: "Philippines", Code: "PH"}, {Name: "Poland", Code: "PL"},
	{Name: "Portugal", Code: "PT"}, {Name: "Romania", Code: "RO"}, {Name: "Senegal", Code: "SN"},
	{Name: "Singapore", Code: "SG"}, {Name: "South Africa", Code: "ZA"}, {Name: "South Korea", Code: "KR"},
	{Name: "Spain", Code: "ES"}, {Name: "Sweden", Code: "SE"}, {Name: "Switzerland", Code: "CH"},
	{Name: "Tanzania", Code: "TZ"}, {Name: "Thailand", Code: "TH"}, {Name: "Tunisia", Code: "TN"},
	{Name: "Ukraine", Code: "UA"}, {Name: "United Kingdom", Code: "GB"}, {Name: "United States", Code: "US"},
	{Name: "Uruguay", Code: "UY"}, {Name: "Vietnam", Code: "VN"}, {Name: "Zambia", Code: "ZM"},
}

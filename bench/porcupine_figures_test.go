// What Porcupine takes for the histories of its own tests, for `./dev bench porcupine`.
//
// Not a part of any build here: copy this file into a checkout of github.com/anishathalye/porcupine,
// whose tests have the parsers and the models that it calls, and there run
//
//	HISTORIES=FOLDER go test -v -run LeaseholdFigures -count 1 | grep , > figures.csv
//
// The FOLDER has porcupine_etcd_log/ and porcupine_kv/, which are its test_data/jepsen and
// test_data/kv. Each figure is the fastest of several runs, in microseconds: of the check alone, and
// with the file opened and parsed.

package porcupine

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

const (
	fewestRuns = 5
	mostRuns   = 200
	longEnough = 500 * time.Millisecond
)

func figure(file string, parse func(string) []Event, model Model) {
	var checked, whole time.Duration
	begun := time.Now()
	for run := 0; run < fewestRuns || (run < mostRuns && time.Since(begun) < longEnough); run++ {
		runtime.GC() // what an earlier run left is not this one's to clear away
		opened := time.Now()
		events := parse(file)
		parsed := time.Now()
		CheckEvents(model, events)
		done := time.Now()
		if run == 0 || done.Sub(parsed) < checked {
			checked = done.Sub(parsed)
		}
		if run == 0 || done.Sub(opened) < whole {
			whole = done.Sub(opened)
		}
	}
	fmt.Printf("%s,%.1f,%.1f\n", filepath.Base(file), float64(checked.Nanoseconds())/1000,
		float64(whole.Nanoseconds())/1000)
}

func TestLeaseholdFigures(t *testing.T) {
	fmt.Println("file,check_us,whole_us")
	for _, kind := range []struct {
		folder string
		parse  func(string) []Event
		model  Model
	}{
		{"porcupine_etcd_log", parseJepsenLog, etcdModel},
		{"porcupine_kv", parseKvLog, kvModel},
	} {
		files, _ := filepath.Glob(filepath.Join(os.Getenv("HISTORIES"), kind.folder, "*"))
		for _, file := range files {
			figure(file, kind.parse, kind.model)
		}
	}
}

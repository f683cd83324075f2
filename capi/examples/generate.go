// SPDX-License-Identifier: MIT

// Generates two images and cancels a third.
//
//	go build generate.go
//	VENICE_API_KEY=… ./generate "a red fox in the snow" FOLDER
package main

/*
#cgo pkg-config: venice
#include <stdlib.h>
#include <venice/venice.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"unsafe"
)

// veniceError is what a venice_error says, with the fields that it blames.
type veniceError struct {
	status C.venice_status
	text   string
}

func (e *veniceError) Error() string { return e.text }

// call calls a function that can fail, handing it the error's address.
func call(function func(err **C.venice_error) C.venice_status) error {
	var err *C.venice_error
	status := function(&err)
	if status == C.VENICE_OK {
		return nil
	}
	defer C.venice_error_free(err)
	text := C.GoString(C.venice_status_name(status)) + ": " + C.GoString(C.venice_error_message(err))
	for i := C.size_t(0); i < C.venice_error_problem_count(err); i++ {
		text += "\n  " + C.GoString(C.venice_error_problem_field(err, i)) + ": " + C.GoString(C.venice_error_problem_message(err, i))
	}
	return &veniceError{status, text}
}

// texts are copies for C, freed together.
type texts []*C.char

func (t *texts) add(text string) *C.char {
	*t = append(*t, C.CString(text))
	return (*t)[len(*t)-1]
}

// variable is the value of an environment variable, or NULL if it is not set.
func (t *texts) variable(name string) *C.char {
	if value, ok := os.LookupEnv(name); ok {
		return t.add(value)
	}
	return nil
}

func (t *texts) free() {
	for _, text := range *t {
		C.free(unsafe.Pointer(text))
	}
}

func setOptions(client *C.venice_client) error {
	var t texts
	defer t.free()
	setString := func(name string, value *C.char) error {
		return call(func(err **C.venice_error) C.venice_status { return C.venice_client_set_string(client, t.add(name), value, err) })
	}
	return errors.Join(
		setString("api_key", t.variable("VENICE_API_KEY")),
		setString("base_url", t.variable("VENICE_BASE_URL")), // NULL is the default
		call(func(err **C.venice_error) C.venice_status { return C.venice_client_set_int(client, t.add("max_in_flight"), 2, err) }))
}

func setString(request *C.venice_request, name, value string) error {
	var t texts
	defer t.free()
	return call(func(err **C.venice_error) C.venice_status {
		return C.venice_request_set_string(request, t.add(name), t.add(value), err)
	})
}

func setInt(request *C.venice_request, name string, value int) error {
	var t texts
	defer t.free()
	return call(func(err **C.venice_error) C.venice_status {
		return C.venice_request_set_int(request, t.add(name), C.int64_t(value), err)
	})
}

// chooseModel takes the server's default model, and says what an image costs with it.
func chooseModel(client *C.venice_client, request *C.venice_request) error {
	var models *C.venice_models
	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_list_models(client, &models, err) }); err != nil {
		return err
	}
	defer C.venice_models_free(models)
	var model *C.venice_model
	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_models_default(models, &model, err) }); err != nil {
		return err
	}
	defer C.venice_model_free(model)

	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_request_use_model(request, model, err) }); err != nil {
		return err
	}
	var usd C.double
	price := "price unknown"
	if C.venice_model_price(model, request, &usd, nil) != 0 {
		price = fmt.Sprintf("$%.4f an image", float64(usd))
	}
	fmt.Printf("%s: %s\n", C.GoString(C.venice_model_name(model)), price)
	return nil
}

// waitForAll prints the progress of the jobs until all have ended.
func waitForAll(client *C.venice_client, jobs []*C.venice_job) error {
	for running := len(jobs); running > 0; {
		var event *C.venice_event
		if err := call(func(err **C.venice_error) C.venice_status { return C.venice_client_next_event(client, -1, &event, err) }); err != nil {
			return err
		}
		kind, id := C.venice_event_type(event), C.venice_event_job_id(event)
		C.venice_event_free(event)
		if kind == C.VENICE_EVENT_ENDED {
			running--
			continue
		}
		for i, job := range jobs {
			if C.venice_job_id(job) == id {
				phase := C.GoString(C.venice_phase_name(C.venice_job_phase(job)))
				fmt.Fprintf(os.Stderr, "image %d: %s, %d bytes\n", i+1, phase, C.venice_job_received_bytes(job))
			}
		}
	}
	return nil
}

func save(job *C.venice_job, path string, number int) error {
	var t texts
	defer t.free()
	var result *C.venice_result
	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_job_result(job, &result, err) }); err != nil {
		return err
	}
	defer C.venice_result_free(result)
	var image *C.venice_image
	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_result_image(result, 0, &image, err) }); err != nil {
		return err
	}
	defer C.venice_image_free(image)
	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_image_save(image, t.add(path), err) }); err != nil {
		return err
	}

	var seed C.int64_t
	C.venice_image_seed(image, &seed)
	fmt.Printf("image %d: %s, %s, %d x %d, seed %d\n", number, path, C.GoString(C.venice_image_media_type(image)),
		C.venice_image_width(image), C.venice_image_height(image), seed)
	return nil
}

// saveAll saves what was made; what was paid for is not lost because another image failed. It returns whether all went well.
func saveAll(jobs []*C.venice_job, folder string) bool {
	allWell := true
	for i, job := range jobs {
		err := save(job, filepath.Join(folder, fmt.Sprintf("image-%d.png", i+1)), i+1)
		var known *veniceError
		if errors.As(err, &known) && known.status == C.VENICE_ERROR_CANCELLED {
			fmt.Printf("image %d: cancelled\n", i+1)
		} else if err != nil {
			fmt.Fprintf(os.Stderr, "image %d: %v\n", i+1, err)
			allWell = false
		}
	}
	return allWell
}

func generate(prompt, folder string) (bool, error) {
	var client *C.venice_client
	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_client_new(&client, err) }); err != nil {
		return false, err
	}
	defer C.venice_client_free(client)
	if err := setOptions(client); err != nil {
		return false, err
	}

	var request *C.venice_request
	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_request_new(&request, err) }); err != nil {
		return false, err
	}
	defer C.venice_request_free(request)
	if err := errors.Join(setString(request, "prompt", prompt), setString(request, "format", "png")); err != nil {
		return false, err
	}
	if err := chooseModel(client, request); err != nil {
		return false, err
	}

	jobs := make([]*C.venice_job, 3)
	for i := range jobs {
		if err := setInt(request, "seed", i+1); err != nil {
			return false, err
		}
		if err := call(func(err **C.venice_error) C.venice_status { return C.venice_submit_generate(client, request, &jobs[i], err) }); err != nil {
			return false, err
		}
		defer C.venice_job_free(jobs[i])
	}
	// It waits for its turn: nothing was sent, nothing is charged.
	if err := call(func(err **C.venice_error) C.venice_status { return C.venice_job_cancel(jobs[2], err) }); err != nil {
		return false, err
	}

	if err := waitForAll(client, jobs); err != nil {
		return false, err
	}
	return saveAll(jobs, folder), nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintf(os.Stderr, "usage: %s PROMPT FOLDER\n", os.Args[0])
		os.Exit(2)
	}
	allWell, err := generate(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
	}
	if !allWell {
		os.Exit(1)
	}
}

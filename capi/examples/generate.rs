// SPDX-License-Identifier: MIT
//
// Generates two images and cancels a third.
//
//     rustc --edition 2021 generate.rs -L "$(pkg-config --variable=libdir venice)"
//     VENICE_API_KEY=… ./generate "a red fox in the snow" FOLDER
use std::env;
use std::ffi::{c_char, CStr, CString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::ptr::{null, null_mut};

/// The part of the headers that is used here.
mod ffi {
    use std::ffi::c_char;

    macro_rules! opaque {
        ($($name:ident),*) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* };
    }
    opaque!(Client, Error, Event, Image, Job, Model, Models, Request, Result);

    pub type Status = i32;
    pub const OK: Status = 0;
    pub const CANCELLED: Status = 22;
    pub const EVENT_ENDED: i32 = 2;

    #[link(name = "venice")]
    extern "C" {
        pub fn venice_status_name(status: Status) -> *const c_char;
        pub fn venice_error_free(error: *mut Error);
        pub fn venice_error_message(error: *const Error) -> *const c_char;
        pub fn venice_error_problem_count(error: *const Error) -> usize;
        pub fn venice_error_problem_field(error: *const Error, index: usize) -> *const c_char;
        pub fn venice_error_problem_message(error: *const Error, index: usize) -> *const c_char;

        pub fn venice_client_new(out: *mut *mut Client, error: *mut *mut Error) -> Status;
        pub fn venice_client_free(client: *mut Client) -> Status;
        pub fn venice_client_set_string(client: *mut Client, name: *const c_char, value: *const c_char, error: *mut *mut Error) -> Status;
        pub fn venice_client_set_int(client: *mut Client, name: *const c_char, value: i64, error: *mut *mut Error) -> Status;
        pub fn venice_client_next_event(client: *mut Client, timeout_ms: i64, out: *mut *mut Event, error: *mut *mut Error) -> Status;
        pub fn venice_event_free(event: *mut Event);
        pub fn venice_event_type(event: *const Event) -> i32;
        pub fn venice_event_job_id(event: *const Event) -> i64;

        pub fn venice_list_models(client: *mut Client, out: *mut *mut Models, error: *mut *mut Error) -> Status;
        pub fn venice_models_free(models: *mut Models);
        pub fn venice_models_default(models: *const Models, out: *mut *mut Model, error: *mut *mut Error) -> Status;
        pub fn venice_model_free(model: *mut Model);
        pub fn venice_model_name(model: *const Model) -> *const c_char;
        pub fn venice_model_price(model: *const Model, request: *const Request, usd: *mut f64, diem: *mut f64) -> i32;

        pub fn venice_request_new(out: *mut *mut Request, error: *mut *mut Error) -> Status;
        pub fn venice_request_free(request: *mut Request);
        pub fn venice_request_set_string(request: *mut Request, name: *const c_char, value: *const c_char, error: *mut *mut Error) -> Status;
        pub fn venice_request_use_model(request: *mut Request, model: *const Model, error: *mut *mut Error) -> Status;
        pub fn venice_request_set_int(request: *mut Request, name: *const c_char, value: i64, error: *mut *mut Error) -> Status;

        pub fn venice_submit_generate(client: *mut Client, request: *const Request, out: *mut *mut Job, error: *mut *mut Error) -> Status;
        pub fn venice_job_free(job: *mut Job);
        pub fn venice_job_id(job: *const Job) -> i64;
        pub fn venice_job_phase(job: *const Job) -> i32;
        pub fn venice_phase_name(phase: i32) -> *const c_char;
        pub fn venice_job_received_bytes(job: *const Job) -> i64;
        pub fn venice_job_cancel(job: *mut Job, error: *mut *mut Error) -> Status;
        pub fn venice_job_result(job: *const Job, out: *mut *mut Result, error: *mut *mut Error) -> Status;

        pub fn venice_result_free(result: *mut Result);
        pub fn venice_result_image(result: *const Result, index: usize, out: *mut *mut Image, error: *mut *mut Error) -> Status;
        pub fn venice_image_free(image: *mut Image);
        pub fn venice_image_media_type(image: *const Image) -> *const c_char;
        pub fn venice_image_width(image: *const Image) -> i32;
        pub fn venice_image_height(image: *const Image) -> i32;
        pub fn venice_image_seed(image: *const Image, seed: *mut i64) -> i32;
        pub fn venice_image_save(image: *const Image, path: *const c_char, error: *mut *mut Error) -> Status;
    }
}

/// What a venice_error says, with the fields that it blames.
struct VeniceError {
    status: ffi::Status,
    text: String,
}

type Outcome<T> = Result<T, VeniceError>;

/// A copy of a text that the library lends.
fn text(borrowed: *const c_char) -> String {
    unsafe { CStr::from_ptr(borrowed) }.to_string_lossy().into_owned()
}

fn c_string(text: &[u8]) -> CString {
    CString::new(text).expect("arguments and environment variables hold no NUL")
}

/// Calls a function that can fail, handing it the error's address.
fn call(function: impl FnOnce(*mut *mut ffi::Error) -> ffi::Status) -> Outcome<()> {
    let mut error = null_mut();
    let status = function(&mut error);
    if status == ffi::OK {
        return Ok(());
    }
    unsafe {
        let mut message = format!("{}: {}", text(ffi::venice_status_name(status)), text(ffi::venice_error_message(error)));
        for i in 0..ffi::venice_error_problem_count(error) {
            let (field, problem) = (ffi::venice_error_problem_field(error, i), ffi::venice_error_problem_message(error, i));
            message += &format!("\n  {}: {}", text(field), text(problem));
        }
        ffi::venice_error_free(error);
        Err(VeniceError { status, text: message })
    }
}

/// Owns a handle.
struct Handle<T> {
    raw: *mut T,
    free: unsafe extern "C" fn(*mut T),
}

impl<T> Handle<T> {
    fn make(free: unsafe extern "C" fn(*mut T), function: impl FnOnce(*mut *mut T, *mut *mut ffi::Error) -> ffi::Status) -> Outcome<Self> {
        let mut raw = null_mut();
        call(|error| function(&mut raw, error))?;
        Ok(Handle { raw, free })
    }
}

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        unsafe { (self.free)(self.raw) }
    }
}

struct Client(*mut ffi::Client);

impl Client {
    fn new() -> Outcome<Self> {
        let mut raw = null_mut();
        call(|error| unsafe { ffi::venice_client_new(&mut raw, error) })?;
        Ok(Client(raw))
    }

    /// Without a value the option has its default.
    fn set_string(&self, name: &CStr, value: Option<CString>) -> Outcome<()> {
        let value = value.as_ref().map_or(null(), |value| value.as_ptr());
        call(|error| unsafe { ffi::venice_client_set_string(self.0, name.as_ptr(), value, error) })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        unsafe { ffi::venice_client_free(self.0) };
    }
}

fn set_string(request: &Handle<ffi::Request>, name: &CStr, value: &CStr) -> Outcome<()> {
    call(|error| unsafe { ffi::venice_request_set_string(request.raw, name.as_ptr(), value.as_ptr(), error) })
}

/// Takes the server's default model, and says what an image costs with it.
fn choose_model(client: &Client, request: &Handle<ffi::Request>) -> Outcome<()> {
    unsafe {
        let models = Handle::make(ffi::venice_models_free, |out, error| ffi::venice_list_models(client.0, out, error))?;
        let model = Handle::make(ffi::venice_model_free, |out, error| ffi::venice_models_default(models.raw, out, error))?;
        call(|error| ffi::venice_request_use_model(request.raw, model.raw, error))?;
        let mut usd = 0.0;
        let known = ffi::venice_model_price(model.raw, request.raw, &mut usd, null_mut()) != 0;
        let price = if known { format!("${usd:.4} an image") } else { "price unknown".to_string() };
        println!("{}: {price}", text(ffi::venice_model_name(model.raw)));
    }
    Ok(())
}

/// Prints the progress of the jobs until all have ended.
fn wait_for_all(client: &Client, jobs: &[Handle<ffi::Job>]) -> Outcome<()> {
    let mut running = jobs.len();
    while running > 0 {
        unsafe {
            let event = Handle::make(ffi::venice_event_free, |out, error| ffi::venice_client_next_event(client.0, -1, out, error))?;
            if ffi::venice_event_type(event.raw) == ffi::EVENT_ENDED {
                running -= 1;
                continue;
            }
            for (i, job) in jobs.iter().enumerate() {
                if ffi::venice_job_id(job.raw) == ffi::venice_event_job_id(event.raw) {
                    let phase = text(ffi::venice_phase_name(ffi::venice_job_phase(job.raw)));
                    eprintln!("image {}: {phase}, {} bytes", i + 1, ffi::venice_job_received_bytes(job.raw));
                }
            }
        }
    }
    Ok(())
}

fn save(job: &Handle<ffi::Job>, path: &Path, number: usize) -> Outcome<()> {
    let c_path = c_string(path.as_os_str().as_bytes());
    unsafe {
        let result = Handle::make(ffi::venice_result_free, |out, error| ffi::venice_job_result(job.raw, out, error))?;
        let image = Handle::make(ffi::venice_image_free, |out, error| ffi::venice_result_image(result.raw, 0, out, error))?;
        call(|error| ffi::venice_image_save(image.raw, c_path.as_ptr(), error))?;
        let mut seed = 0;
        ffi::venice_image_seed(image.raw, &mut seed);
        let media_type = text(ffi::venice_image_media_type(image.raw));
        let (width, height) = (ffi::venice_image_width(image.raw), ffi::venice_image_height(image.raw));
        println!("image {number}: {}, {media_type}, {width} x {height}, seed {seed}", path.display());
    }
    Ok(())
}

/// Saves what was made; what was paid for is not lost because another image failed. Returns whether all went well.
fn save_all(jobs: &[Handle<ffi::Job>], folder: &Path) -> bool {
    let mut all_well = true;
    for (number, job) in (1..).zip(jobs) {
        match save(job, &folder.join(format!("image-{number}.png")), number) {
            Ok(()) => {}
            Err(error) if error.status == ffi::CANCELLED => println!("image {number}: cancelled"),
            Err(error) => {
                eprintln!("image {number}: {}", error.text);
                all_well = false;
            }
        }
    }
    all_well
}

fn generate(prompt: &CStr, folder: &Path) -> Outcome<bool> {
    let variable = |name| env::var_os(name).map(|value| c_string(value.as_bytes()));
    let client = Client::new()?;
    client.set_string(c"api_key", variable("VENICE_API_KEY"))?;
    client.set_string(c"base_url", variable("VENICE_BASE_URL"))?;
    call(|error| unsafe { ffi::venice_client_set_int(client.0, c"max_in_flight".as_ptr(), 2, error) })?;

    let request = Handle::make(ffi::venice_request_free, |out, error| unsafe { ffi::venice_request_new(out, error) })?;
    set_string(&request, c"prompt", prompt)?;
    set_string(&request, c"format", c"png")?;
    choose_model(&client, &request)?;

    let mut jobs = Vec::new();
    for seed in 1..=3 {
        call(|error| unsafe { ffi::venice_request_set_int(request.raw, c"seed".as_ptr(), seed, error) })?;
        let submit = |out, error| unsafe { ffi::venice_submit_generate(client.0, request.raw, out, error) };
        jobs.push(Handle::make(ffi::venice_job_free, submit)?);
    }
    // It waits for its turn: nothing was sent, nothing is charged.
    call(|error| unsafe { ffi::venice_job_cancel(jobs[2].raw, error) })?;

    wait_for_all(&client, &jobs)?;
    Ok(save_all(&jobs, folder))
}

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().collect();
    let [_, prompt, folder] = arguments.as_slice() else {
        eprintln!("usage: generate PROMPT FOLDER");
        return ExitCode::from(2);
    };
    match generate(&c_string(&prompt.clone().into_vec()), &PathBuf::from(folder)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {}", error.text);
            ExitCode::FAILURE
        }
    }
}

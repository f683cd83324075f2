-- SPDX-License-Identifier: MIT
--
-- Generates two images and cancels a third. For LuaJIT.
--
--     VENICE_API_KEY=… luajit generate.lua "a red fox in the snow" FOLDER
local ffi = require("ffi")

-- Copied from the headers.
ffi.cdef([[
typedef struct venice_client venice_client;
typedef struct venice_error venice_error;
typedef struct venice_event venice_event;
typedef struct venice_image venice_image;
typedef struct venice_job venice_job;
typedef struct venice_model venice_model;
typedef struct venice_models venice_models;
typedef struct venice_request venice_request;
typedef struct venice_result venice_result;
typedef int32_t venice_status;

const char *venice_status_name(venice_status status);
void venice_error_free(venice_error *error);
const char *venice_error_message(const venice_error *error);
size_t venice_error_problem_count(const venice_error *error);
const char *venice_error_problem_field(const venice_error *error, size_t index);
const char *venice_error_problem_message(const venice_error *error, size_t index);

venice_status venice_client_new(venice_client **out, venice_error **error);
venice_status venice_client_free(venice_client *client);
venice_status venice_client_set_string(venice_client *client, const char *name, const char *value, venice_error **error);
venice_status venice_client_set_int(venice_client *client, const char *name, int64_t value, venice_error **error);
venice_status venice_client_next_event(venice_client *client, int64_t timeout_ms, venice_event **out, venice_error **error);
void venice_event_free(venice_event *event);
int32_t venice_event_type(const venice_event *event);
int64_t venice_event_job_id(const venice_event *event);

venice_status venice_list_models(venice_client *client, venice_models **out, venice_error **error);
void venice_models_free(venice_models *models);
venice_status venice_models_default(const venice_models *models, venice_model **out, venice_error **error);
void venice_model_free(venice_model *model);
const char *venice_model_name(const venice_model *model);
int32_t venice_model_price(const venice_model *model, const venice_request *request, double *usd, double *diem);

venice_status venice_request_new(venice_request **out, venice_error **error);
void venice_request_free(venice_request *request);
venice_status venice_request_set_string(venice_request *request, const char *name, const char *value, venice_error **error);
venice_status venice_request_use_model(venice_request *request, const venice_model *model, venice_error **error);
venice_status venice_request_set_int(venice_request *request, const char *name, int64_t value, venice_error **error);

venice_status venice_submit_generate(venice_client *client, const venice_request *request, venice_job **out, venice_error **error);
void venice_job_free(venice_job *job);
int64_t venice_job_id(const venice_job *job);
int32_t venice_job_phase(const venice_job *job);
const char *venice_phase_name(int32_t phase);
int64_t venice_job_received_bytes(const venice_job *job);
venice_status venice_job_cancel(venice_job *job, venice_error **error);
venice_status venice_job_result(const venice_job *job, venice_result **out, venice_error **error);

void venice_result_free(venice_result *result);
venice_status venice_result_image(const venice_result *result, size_t index, venice_image **out, venice_error **error);
void venice_image_free(venice_image *image);
const char *venice_image_media_type(const venice_image *image);
int32_t venice_image_width(const venice_image *image);
int32_t venice_image_height(const venice_image *image);
int32_t venice_image_seed(const venice_image *image, int64_t *seed);
venice_status venice_image_save(const venice_image *image, const char *path, venice_error **error);
]])

local OK, CANCELLED = 0, 22 -- venice_status
local EVENT_ENDED = 2

local venice = ffi.load("libvenice.so.1")

-- What a venice_error says, with the fields that it blames.
local function describe(status, err)
  local lines = { ffi.string(venice.venice_status_name(status)) .. ": " .. ffi.string(venice.venice_error_message(err)) }
  for i = 0, tonumber(venice.venice_error_problem_count(err)) - 1 do
    lines[#lines + 1] = "  " .. ffi.string(venice.venice_error_problem_field(err, i)) .. ": " .. ffi.string(venice.venice_error_problem_message(err, i))
  end
  return table.concat(lines, "\n")
end

-- Calls a function that can fail; its last argument, the error, is added here. Raises {status, text}.
local function call(name, ...)
  local err = ffi.new("venice_error *[1]")
  local arguments = { n = select("#", ...), ... }
  arguments[arguments.n + 1] = err
  local status = venice["venice_" .. name](unpack(arguments, 1, arguments.n + 1))
  if status ~= OK then
    local text = describe(status, err[0])
    venice.venice_error_free(err[0])
    error({ status = status, text = text })
  end
end

-- The same for a function that makes a handle, which the garbage collector frees.
local function make(type, name, ...)
  local out = ffi.new("venice_" .. type .. " *[1]")
  local arguments = { n = select("#", ...), ... }
  arguments[arguments.n + 1] = out
  call(name, unpack(arguments, 1, arguments.n + 1))
  return ffi.gc(out[0], venice["venice_" .. type .. "_free"])
end

-- Takes the server's default model, and says what an image costs with it.
local function choose_model(client, request)
  local models = make("models", "list_models", client)
  local model = make("model", "models_default", models)
  call("request_use_model", request, model)
  local usd = ffi.new("double[1]")
  local known = venice.venice_model_price(model, request, usd, nil) ~= 0
  local price = known and string.format("$%.4f an image", usd[0]) or "price unknown"
  print(ffi.string(venice.venice_model_name(model)) .. ": " .. price)
end

-- Prints the progress of the jobs until all have ended.
local function wait_for_all(client, jobs)
  local running = #jobs
  while running > 0 do
    local event = make("event", "client_next_event", client, -1)
    if venice.venice_event_type(event) == EVENT_ENDED then
      running = running - 1
    else
      for number, job in ipairs(jobs) do
        if venice.venice_job_id(job) == venice.venice_event_job_id(event) then
          local phase = ffi.string(venice.venice_phase_name(venice.venice_job_phase(job)))
          local bytes = tonumber(venice.venice_job_received_bytes(job))
          io.stderr:write(string.format("image %d: %s, %d bytes\n", number, phase, bytes))
        end
      end
    end
  end
end

local function save(job, path, number)
  local result = make("result", "job_result", job)
  local image = make("image", "result_image", result, 0)
  call("image_save", image, path)
  local seed = ffi.new("int64_t[1]")
  venice.venice_image_seed(image, seed)
  local media_type = ffi.string(venice.venice_image_media_type(image))
  local width, height = venice.venice_image_width(image), venice.venice_image_height(image)
  print(string.format("image %d: %s, %s, %d x %d, seed %d", number, path, media_type, width, height, tonumber(seed[0])))
end

-- Saves what was made; what was paid for is not lost because another image failed. Returns whether all went well.
local function save_all(jobs, folder)
  local all_well = true
  for number, job in ipairs(jobs) do
    local saved, failure = pcall(save, job, folder .. "/image-" .. number .. ".png", number)
    if not saved and failure.status == CANCELLED then
      print("image " .. number .. ": cancelled")
    elseif not saved then
      io.stderr:write("image ", number, ": ", failure.text or failure, "\n")
      all_well = false
    end
  end
  return all_well
end

local function generate(prompt, folder)
  local client = make("client", "client_new")
  call("client_set_string", client, "api_key", os.getenv("VENICE_API_KEY"))
  call("client_set_string", client, "base_url", os.getenv("VENICE_BASE_URL")) -- nil is the default
  call("client_set_int", client, "max_in_flight", 2)

  local request = make("request", "request_new")
  call("request_set_string", request, "prompt", prompt)
  call("request_set_string", request, "format", "png")
  choose_model(client, request)

  local jobs = {}
  for seed = 1, 3 do
    call("request_set_int", request, "seed", seed)
    jobs[seed] = make("job", "submit_generate", client, request)
  end
  call("job_cancel", jobs[3]) -- it waits for its turn: nothing was sent, nothing is charged

  wait_for_all(client, jobs)
  return save_all(jobs, folder)
end

if #arg ~= 2 then
  io.stderr:write("usage: ", arg[0], " PROMPT FOLDER\n")
  os.exit(2)
end
local ran, outcome = pcall(generate, arg[1], arg[2])
if not ran then
  io.stderr:write("error: ", outcome.text or outcome, "\n")
end
os.exit(ran and outcome and 0 or 1, true)

// SPDX-License-Identifier: MIT
//
// Generates two images and cancels a third. For Node, with the package koffi (version 3).
//
//     npm install koffi@3.3.4
//     VENICE_API_KEY=… node generate.mjs "a red fox in the snow" FOLDER
import koffi from 'koffi';
import { join } from 'node:path';
import { promisify } from 'node:util';

const OK = 0, CANCELLED = 22; // venice_status
const EVENT_ENDED = 2;

const library = koffi.load('libvenice.so.1');
for (const type of ['client', 'error', 'event', 'image', 'job', 'model', 'models', 'request', 'result']) {
  koffi.opaque(`venice_${type}`);
}

const statusName = library.func('const char *venice_status_name(int32_t status)');
const errorMessage = library.func('const char *venice_error_message(const venice_error *error)');
const errorProblemCount = library.func('size_t venice_error_problem_count(const venice_error *error)');
const errorProblemField = library.func('const char *venice_error_problem_field(const venice_error *error, size_t index)');
const errorProblemMessage = library.func('const char *venice_error_problem_message(const venice_error *error, size_t index)');
const errorFree = library.func('void venice_error_free(venice_error *error)');

/** What a venice_error says, with the fields that it blames. */
class VeniceError extends Error {
  constructor(status, error) {
    const lines = [`${statusName(status)}: ${errorMessage(error)}`];
    for (let i = 0; i < errorProblemCount(error); ++i) {
      lines.push(`  ${errorProblemField(error, i)}: ${errorProblemMessage(error, i)}`);
    }
    errorFree(error);
    super(lines.join('\n'));
    this.status = status;
  }
}

function check(status, error) {
  if (status !== OK) {
    throw new VeniceError(status, error[0]);
  }
}

/** A function that returns a status and takes an error as its last argument, which is added here. */
function fallible(name, parameters) {
  const native = library.func(`int32_t ${name}(${parameters}, _Out_ venice_error **error)`);
  const call = (...values) => {
    const error = [null];
    check(native(...values, error), error);
  };
  const nativeAsync = promisify(native.async);
  /** The same on another thread: for what blocks. */
  call.async = async (...values) => {
    const error = [null];
    check(await nativeAsync(...values, error), error);
  };
  return call;
}

const clientNew = fallible('venice_client_new', '_Out_ venice_client **out');
const clientFree = library.func('int32_t venice_client_free(venice_client *client)');
const clientSetString = fallible('venice_client_set_string', 'venice_client *client, const char *name, const char *value');
const clientSetInt = fallible('venice_client_set_int', 'venice_client *client, const char *name, int64_t value');
const clientNextEvent = fallible('venice_client_next_event', 'venice_client *client, int64_t timeout_ms, _Out_ venice_event **out');
const eventFree = library.func('void venice_event_free(venice_event *event)');
const eventType = library.func('int32_t venice_event_type(const venice_event *event)');
const eventJobId = library.func('int64_t venice_event_job_id(const venice_event *event)');
const listModels = fallible('venice_list_models', 'venice_client *client, _Out_ venice_models **out');
const modelsFree = library.func('void venice_models_free(venice_models *models)');
const modelsDefault = fallible('venice_models_default', 'const venice_models *models, _Out_ venice_model **out');
const modelFree = library.func('void venice_model_free(venice_model *model)');
const modelName = library.func('const char *venice_model_name(const venice_model *model)');
const modelPrice = library.func('int32_t venice_model_price(const venice_model *model, const venice_request *request, _Out_ double *usd, double *diem)');
const requestNew = fallible('venice_request_new', '_Out_ venice_request **out');
const requestFree = library.func('void venice_request_free(venice_request *request)');
const requestSetString = fallible('venice_request_set_string', 'venice_request *request, const char *name, const char *value');
const requestUseModel = fallible('venice_request_use_model', 'venice_request *request, const venice_model *model');
const requestSetInt = fallible('venice_request_set_int', 'venice_request *request, const char *name, int64_t value');
const submitGenerate = fallible('venice_submit_generate', 'venice_client *client, const venice_request *request, _Out_ venice_job **out');
const jobFree = library.func('void venice_job_free(venice_job *job)');
const jobId = library.func('int64_t venice_job_id(const venice_job *job)');
const jobPhase = library.func('int32_t venice_job_phase(const venice_job *job)');
const phaseName = library.func('const char *venice_phase_name(int32_t phase)');
const jobReceivedBytes = library.func('int64_t venice_job_received_bytes(const venice_job *job)');
const jobCancel = fallible('venice_job_cancel', 'venice_job *job');
const jobResult = fallible('venice_job_result', 'const venice_job *job, _Out_ venice_result **out');
const resultFree = library.func('void venice_result_free(venice_result *result)');
const resultImage = fallible('venice_result_image', 'const venice_result *result, size_t index, _Out_ venice_image **out');
const imageFree = library.func('void venice_image_free(venice_image *image)');
const imageMediaType = library.func('const char *venice_image_media_type(const venice_image *image)');
const imageWidth = library.func('int32_t venice_image_width(const venice_image *image)');
const imageHeight = library.func('int32_t venice_image_height(const venice_image *image)');
const imageSeed = library.func('int32_t venice_image_seed(const venice_image *image, _Out_ int64_t *seed)');
const imageSave = fallible('venice_image_save', 'const venice_image *image, const char *path');

/** What a function makes through its `out` parameter. */
function made(call, ...values) {
  const out = [null];
  call(...values, out);
  return out[0];
}

async function madeAsync(call, ...values) {
  const out = [null];
  await call.async(...values, out);
  return out[0];
}

/** Takes the server's default model, and says what an image costs with it. */
async function chooseModel(client, request) {
  const models = await madeAsync(listModels, client);
  const model = made(modelsDefault, models);
  requestUseModel(request, model);
  const usd = [0];
  const known = modelPrice(model, request, usd, null) !== 0;
  console.log(`${modelName(model)}: ${known ? `$${usd[0].toFixed(4)} an image` : 'price unknown'}`);
  modelFree(model);
  modelsFree(models);
}

/** Prints the progress of the jobs until all have ended. */
async function waitForAll(client, jobs) {
  for (let running = jobs.length; running > 0;) {
    const event = await madeAsync(clientNextEvent, client, -1);
    const [type, id] = [eventType(event), eventJobId(event)];
    eventFree(event);
    if (type === EVENT_ENDED) {
      --running;
      continue;
    }
    const index = jobs.findIndex((job) => jobId(job) === id);
    console.error(`image ${index + 1}: ${phaseName(jobPhase(jobs[index]))}, ${jobReceivedBytes(jobs[index])} bytes`);
  }
}

function save(job, path, number) {
  const result = made(jobResult, job);
  const image = made(resultImage, result, 0);
  try {
    imageSave(image, path);
    const seed = [0];
    imageSeed(image, seed);
    console.log(`image ${number}: ${path}, ${imageMediaType(image)}, ${imageWidth(image)} x ${imageHeight(image)}, seed ${seed[0]}`);
  } finally {
    imageFree(image);
    resultFree(result);
  }
}

/** Saves what was made; what was paid for is not lost because another image failed. Returns whether all went well. */
function saveAll(jobs, folder) {
  let allWell = true;
  jobs.forEach((job, index) => {
    const number = index + 1;
    try {
      save(job, join(folder, `image-${number}.png`), number);
    } catch (error) {
      if (error.status === CANCELLED) {
        console.log(`image ${number}: cancelled`);
      } else {
        console.error(`image ${number}: ${error.message}`);
        allWell = false;
      }
    }
  });
  return allWell;
}

async function generate(prompt, folder) {
  const client = made(clientNew);
  const request = made(requestNew);
  const jobs = [];
  try {
    clientSetString(client, 'api_key', process.env.VENICE_API_KEY ?? null);
    clientSetString(client, 'base_url', process.env.VENICE_BASE_URL ?? null); // null is the default
    clientSetInt(client, 'max_in_flight', 2);

    requestSetString(request, 'prompt', prompt);
    requestSetString(request, 'format', 'png');
    await chooseModel(client, request);

    for (const seed of [1, 2, 3]) {
      requestSetInt(request, 'seed', seed);
      jobs.push(made(submitGenerate, client, request));
    }
    jobCancel(jobs[2]); // it waits for its turn: nothing was sent, nothing is charged

    await waitForAll(client, jobs);
    return saveAll(jobs, folder);
  } finally {
    jobs.forEach((job) => jobFree(job));
    requestFree(request);
    clientFree(client);
  }
}

if (process.argv.length !== 4) {
  console.error('usage: node generate.mjs PROMPT FOLDER');
  process.exit(2);
}
try {
  process.exitCode = await generate(process.argv[2], process.argv[3]) ? 0 : 1;
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

// SPDX-License-Identifier: MIT
// What a Node program without libvenice does: transfer_node.mjs BASE_URL FILE. Prints what it cost.
import { readFileSync } from 'node:fs';

const [baseUrl, file] = process.argv.slice(2);
const body = JSON.stringify({ model: 'sandbox-model', prompt: 'a red fox in the snow', format: 'png', seed: 42 });
const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer bench-key' };

const start = performance.now();
const before = process.cpuUsage();
const answer = await fetch(`${baseUrl}/image/generate`, { method: 'POST', body, headers });
const images = (await answer.json()).images.map((image) => Buffer.from(image, 'base64'));
const wall = performance.now() - start;
const cpu = process.cpuUsage(before);
const peak = Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);

if (!Buffer.concat(images).equals(readFileSync(file))) {
  throw new Error('the images are not those of the server');
}
console.log(JSON.stringify({
  wall_ms: wall,
  cpu_ms: (cpu.user + cpu.system) / 1e3,
  peak_kib: peak,
  decoded_bytes: images.reduce((sum, image) => sum + image.length, 0),
}));

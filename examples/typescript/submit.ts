// Sends a project, waits for its end and prints what it printed: node --experimental-strip-types submit.ts project.zip
// The types in slipway.d.ts are made from the OpenAPI document: npm run types. Only node's own fetch is used.
import type { components, operations } from './slipway.d.ts';

type Job = components['schemas']['Job'];
type JobSpec = components['schemas']['JobSpec'];
type Problem = components['schemas']['Problem'];
type Filters = NonNullable<operations['listJobs']['parameters']['query']>;

const service = 'http://localhost:8080';

async function json<T>(answer: Response): Promise<T> {
  if (!answer.ok) {
    const problem = (await answer.json()) as Problem;
    throw new Error(`${problem.title}: ${problem.detail}`);
  }
  return (await answer.json()) as T;
}

export async function submit(project: Blob, fileName: string, spec: JobSpec): Promise<Job> {
  const form = new FormData();
  form.append('project', project, fileName);
  form.append('spec', new Blob([JSON.stringify(spec)], { type: 'application/json' }));
  return json<Job>(await fetch(`${service}/jobs`, { method: 'POST', body: form }));
}

export async function end(job: Job): Promise<Job> {
  let tag = '""';
  let seen = job;
  while (seen.endedAt === null) {
    const answer = await fetch(`${service}/jobs/${job.id}`, { headers: { Prefer: 'wait=30', 'If-None-Match': tag } });
    if (answer.status !== 304) {
      tag = answer.headers.get('ETag') ?? tag;
      seen = await json<Job>(answer);
    }
  }
  return seen;
}

export async function list(filters: Filters): Promise<Job[]> {
  const query = new URLSearchParams();
  for (const state of filters.state ?? []) query.append('state', state);
  if (filters.limit !== undefined) query.append('limit', String(filters.limit));
  const page = await json<components['schemas']['PageJob']>(await fetch(`${service}/jobs?${query}`));
  return page.items;
}

/** What may be null is told apart from what is always there: strict mode checks both. */
export function why(job: Job): string {
  const cause = job.reason?.cause ?? null;
  const where = cause === null || cause.file === null ? '' : ` (${cause.file}:${cause.line ?? '?'})`;
  const took = job.startedAt === null || job.endedAt === null ? 0 : Date.parse(job.endedAt) - Date.parse(job.startedAt);
  return `${job.state} after ${took / 1000} s${job.reason === null ? '' : `: ${job.reason.message}${where}`}`;
}

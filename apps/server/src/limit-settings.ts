import { z } from 'zod'
import { flag, rate } from './setting-values.ts'

/** The settings of the rate limits. */
export const limitsEnvironment = {
  RATE_LIMIT: rate('5/1m').describe('Maximum calls of each mutation, by user or client address'),
  RATE_LIMIT_READS: rate('120/1m').describe('Maximum calls of each query, by user or client address'),
  RATE_LIMIT_SERVICE: rate('6000/1m').describe('Maximum calls of each service key'),
  RATE_LIMIT_ENABLED: flag.prefault('true').describe('Set it to false only to measure load'),
  MAX_BATCH: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be from 1 to 100')
    .max(100, 'must be from 1 to 100')
    .default(10)
    .describe('Maximum calls in one request'),
}

import { describeAnyOrder, describeLives } from './describe-any-order.ts'

const seeds = (count: number, first = 1) => Array.from({ length: count }, (_, at) => first + at)

// The long tests run the seeds after these, and hundreds more.
describeAnyOrder(seeds(3))
describeLives(seeds(1))

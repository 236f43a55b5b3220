import { describeAnyOrder, describeLives } from './describe-any-order.ts'

// The long tests run the seeds after these, and hundreds more.
describeAnyOrder([1])
describeLives([1])

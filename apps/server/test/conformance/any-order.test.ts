import { describeAnyOrder } from './describe-any-order.ts'

// The long tests run more seeds.
describeAnyOrder([1])

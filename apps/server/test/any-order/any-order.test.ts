import { describeAnyOrder, describeLives } from './describe-any-order.ts'

const seeds = (count: number, first = 1) => Array.from({ length: count }, (_, at) => first + at)

describeAnyOrder(seeds(22))
describeLives(seeds(3))

import { describeAnyOrder, describeLives } from './describe-any-order.ts'

const seeds = (count: number, first: number) => Array.from({ length: count }, (_, at) => first + at)

describeAnyOrder([...seeds(21, 2), ...seeds(500, 1_001)])
describeLives([...seeds(2, 2), ...seeds(100, 2_001)])

import { describeAnyOrder } from './describe-any-order.ts'

describeAnyOrder(Array.from({ length: 25 }, (_, at) => at + 1))

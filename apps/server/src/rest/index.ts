export { createRestRoutes } from './rest.routes.ts'

export { createConsoleApp } from './console-app.ts'
export { findConsole } from './find-console.ts'

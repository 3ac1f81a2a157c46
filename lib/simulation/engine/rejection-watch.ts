type RejectionListener = (reason: unknown) => void;

/**
 * Takes the place of all listeners for unhandled rejections, the test runner's own among them, which would blame
 * whatever test it believes to be running. Returns the function that gives them back.
 */
export function watchRejections(onRejection: RejectionListener): () => void {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', onRejection);
  return () => {
    process.removeListener('unhandledRejection', onRejection);
    for (const listener of others) process.on('unhandledRejection', listener);
  };
}

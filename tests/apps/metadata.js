// Asks the task metadata endpoint for all that it has.
(async () => {
  for (const path of ['', '/task', '/stats', '/task/stats']) {
    const answer = await fetch(process.env.ECS_CONTAINER_METADATA_URI_V4 + path);
    console.log(`${path} ${answer.status} ${JSON.stringify(await answer.json())}`);
  }
})();

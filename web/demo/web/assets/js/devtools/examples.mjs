// What one might try first.

export const COMMANDS = ['db:status', 'db:migrate', 'db:seed', 'db:rollback', 'db:schema:dump', 'db:export', '--help', 'db:sttaus'];

export const EXAMPLES = [
  {
    label: 'count',
    code: 'print(await Project.count(), "projects")\nprint(await Task.open().count(), "open tasks")',
  },
  {
    label: 'query',
    code: 'query = Task.where(done=False, project={"name": "Oslo office move"}).order("-due_on").limit(5)\nprint(await query.to_sql())\nfor task in await query:\n    print(task.due_on, task.name)',
  },
  {
    label: 'preload',
    code: 'projects = await Project.preload("tasks").order("name").limit(3).to_list()\n{project.name: len(project.tasks) for project in projects}',
  },
  {
    label: 'create',
    code: 'async with Task.transaction():\n    project = await Project.find_or_create_by({"name": "From the console"})\n    task = await project.tasks.create(name="Written in Python", position=1)\ntask.attributes()',
  },
  {
    label: 'validation',
    code: 'task = Task(name=" ")\nprint(await task.is_valid())\ntask.errors.full_messages()',
  },
  {
    label: 'misspelt',
    code: 'await Task.where(dnoe=False).count()',
  },
];

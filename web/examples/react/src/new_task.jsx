import { useState } from 'react';
import { ready } from './python.js';

export function NewTask() {
  const [problem, setProblem] = useState(null);

  const add = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    try {
      const app = await ready;
      await app.call('tasks.add', { name: form.elements.name.value });
      form.reset();
      setProblem(null);
    } catch (error) {
      // of a ValidationError, what is wrong with which attribute
      setProblem(error.details?.name?.[0]?.message ?? error.message);
    }
  };

  return (
    <form onSubmit={add} noValidate>
      <label htmlFor="name">New task</label>
      <input id="name" name="name" autoComplete="off" aria-invalid={problem !== null} aria-describedby="problem" />
      <button>Add</button>
      <span id="problem" className="problem">{problem && `Name ${problem}`}</span>
    </form>
  );
}

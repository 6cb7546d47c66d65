import { Body, Controller, Delete, Get, HttpCode, NotFoundException, Param, ParseIntPipe, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsOptional, IsString, IsUrl, Length } from 'class-validator';
import { Repository } from 'typeorm';
import { Project } from './project.entity.js';

export class NewProject {
  @IsString()
  @Length(1, 200)
  title!: string;

  @IsOptional()
  @IsUrl({ require_protocol: true })
  url?: string;
}

@Controller('projects')
export class ProjectsController {
  constructor(@InjectRepository(Project) private readonly projects: Repository<Project>) {}

  @Get()
  list(): Promise<Project[]> {
    return this.projects.find({ order: { id: 'DESC' }, take: 100 });
  }

  @Get(':id')
  async find(@Param('id', ParseIntPipe) id: number): Promise<Project> {
    const found = await this.projects.findOneBy({ id });
    if (!found) throw new NotFoundException('there is no such project');
    return found;
  }

  @Post()
  add(@Body() { title, url }: NewProject): Promise<Project> {
    return this.projects.save(this.projects.create({ title, url: url ?? null }));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id', ParseIntPipe) id: number): Promise<void> {
    const { affected } = await this.projects.delete(id);
    if (affected === 0) throw new NotFoundException('there is no such project');
  }
}

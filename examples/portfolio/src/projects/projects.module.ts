import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Project } from './project.entity.js';
import { ProjectsController } from './projects.controller.js';

@Module({ imports: [TypeOrmModule.forFeature([Project])], controllers: [ProjectsController] })
export class ProjectsModule {}
